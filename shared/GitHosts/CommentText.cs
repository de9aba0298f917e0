namespace Ebb.GitHosts;

/// <summary>A comment that is found again by its marker.</summary>
public sealed record CommentText
{
    /// <summary>The longest whole comment in characters: 32,768, what the narrowest of the hosts takes.</summary>
    public const int MaxLength = 32_768;

    /// <summary>Makes a comment.</summary>
    /// <param name="marker">1 to 100 letters, digits and <c>- _ . / :</c>; never shown where Markdown hides comments.</param>
    /// <param name="markdown">What people read. It is sent as it is: the caller escapes what others wrote.</param>
    /// <exception cref="ArgumentException">The marker or the length is not allowed.</exception>
    public CommentText(string marker, string markdown)
    {
        ArgumentNullException.ThrowIfNull(marker);
        ArgumentNullException.ThrowIfNull(markdown);
        if (marker.Length is 0 or > 100 || !marker.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':'))
        {
            throw new ArgumentException("A marker has 1 to 100 letters, digits and - _ . / :", nameof(marker));
        }

        Marker = marker;
        Body = $"{markdown.TrimEnd()}\n\n[//]: # (ebb:{marker})\n";
        if (Body.Length > MaxLength)
        {
            throw new ArgumentException($"A comment has at most {MaxLength} characters; this one has {Body.Length}.", nameof(markdown));
        }
    }

    /// <summary>Names the comment.</summary>
    public string Marker { get; }

    /// <summary>What is sent. The last line is a link reference, which all six renderers leave out; Bitbucket shows HTML comments.</summary>
    public string Body { get; }

    /// <summary>Whether a comment is this one: its last line is the marker.</summary>
    internal bool IsIn(string? body) => body is not null && body.AsSpan().TrimEnd().EndsWith($"[//]: # (ebb:{Marker})", StringComparison.Ordinal);

    /// <summary>Whether a comment says this already; hosts may change line ends and trim.</summary>
    internal bool IsSaidBy(string? body) =>
        body is not null && body.ReplaceLineEndings("\n").AsSpan().TrimEnd().SequenceEqual(Body.ReplaceLineEndings("\n").AsSpan().TrimEnd());
}
