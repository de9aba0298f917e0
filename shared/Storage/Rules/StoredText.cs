using System.Text;

namespace Ebb.Storage.Rules;

/// <summary>The stores keep every character but NUL, and no halves of surrogate pairs.</summary>
internal static class StoredText
{
    /// <summary>What a function says of its own end must not be lost to one character: it is replaced.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || (!text.Contains('\0') && !text.Any(char.IsSurrogate)))
            return text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }

    /// <summary>Refuses a message with a text that cannot be stored.</summary>
    public static void Check(EnqueueRequest request)
    {
        Check(request.Body, "The message body");
        Check(request.IdempotencyKey, "The idempotency key");
        Check(request.SequenceKey, "The sequence key");
        Check(request.Caller, "The caller's name");
        Check(request.TraceParent, "The traceparent");
        Check(request.TraceState, "The tracestate");
        Check(request.Function, "The function's name");
    }

    /// <summary>What a caller sends is stored as it is or refused.</summary>
    public static void Check(string? text, string what)
    {
        if (text is not null && text.Contains('\0'))
            throw new ArgumentException($"{what} holds a NUL character, which cannot be stored. In JSON it is written as \\u0000 within a string.", nameof(text));
    }
}
