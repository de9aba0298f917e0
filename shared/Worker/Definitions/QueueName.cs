namespace Ebb.Worker.Definitions;

/// <summary>What a queue may be called.</summary>
internal static class QueueName
{
    public const string Rule = "it must be 1 to 128 letters, digits, '-', '_' and '.'";

    private const int MaxLength = 128;

    /// <summary>True for a name apps may use. Names that begin with <c>$</c> are the runtime's own.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>True for a name apps or the runtime may use.</summary>
    public static bool Exists(string name) => IsValid(name.Length > 1 && name[0] == '$' ? name[1..] : name);
}
