using System.Text.Json;
using Ebb.Contracts.Images;

namespace Ebb.Worker;

/// <summary>A message is not the JSON its function takes. Trying again cannot help: the message goes to the poison queue at once.</summary>
public sealed class MessageFormatException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="type">The type the message should have had.</param>
    /// <param name="path">Where in the message it went wrong.</param>
    /// <param name="reason">Why.</param>
    /// <param name="inner">The reader's own error.</param>
    public MessageFormatException(Type type, string path, string reason, Exception? inner = null)
        : base(
            $"The message is not a valid {type?.Name}: at {path}, {Sentence.Of(reason ?? "it cannot be read")} Correct what sends it.",
            inner) =>
        Path = path;

    /// <summary>The error of a command's reader.</summary>
    public static MessageFormatException Of<T>(ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        return new(typeof(T), "$", string.Join('\n', problems.Messages));
    }

    /// <summary>The error of a JSON reader, without the position it repeats.</summary>
    internal static MessageFormatException Of(Type type, JsonException error)
    {
        var end = error.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return new(type, error.Path ?? "$", end < 0 ? error.Message : error.Message[..end], error);
    }

    /// <summary>Where in the message it went wrong, as a JSON path.</summary>
    public string Path { get; }
}
