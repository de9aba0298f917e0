namespace Ebb.GitHosts.Hosts;

/// <summary>A comment as its host lists it.</summary>
/// <param name="Id">What it is edited by; Azure DevOps' is <c>thread/comment</c>.</param>
/// <param name="Body">Its text.</param>
/// <param name="Authors">Every name its author goes by.</param>
internal sealed record OwnComment(string Id, string? Body, params string?[] Authors)
{
    /// <summary>Bitbucket Data Center's version, which an edit must name.</summary>
    public int Version { get; init; }
}
