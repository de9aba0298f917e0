namespace Ebb.Worker;

/// <summary>Puts the words of others into messages of ours.</summary>
public static class Sentence
{
    /// <summary>The text with the one full stop that a sentence ends with, whether it came with none, one or several.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bare = text.TrimEnd().TrimEnd('.');
        return bare is [.., '!' or '?'] ? bare : bare + ".";
    }
}
