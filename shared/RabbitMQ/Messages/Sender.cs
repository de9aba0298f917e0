using RabbitMQ.Client;

namespace Ebb.RabbitMq.Messages;

/// <summary>
/// Who sent a message. RabbitMQ takes a <c>user-id</c> only from a connection of that user (Validated User-ID), so one that is set
/// can be believed. What a worker sends on carries the worker's own, and what it says in our headers is believed of workers alone.
/// </summary>
internal static class Sender
{
    /// <summary>The user; null where the broker vouches for nobody.</summary>
    /// <param name="properties">The message's.</param>
    /// <param name="own">The users that this process logs in as.</param>
    public static string? Of(IReadOnlyBasicProperties properties, OwnUsers own)
    {
        var user = UserOf(properties);
        return user is not null && own.Contains(user) && properties.Headers.Text(HeaderNames.Sender) is { } first ? NullIfEmpty(first) : user;
    }

    /// <summary>Whether a worker sent the message on. Where this process does not learn its own user, that is whoever vouches for nobody.</summary>
    /// <param name="properties">The message's.</param>
    /// <param name="own">The users that this process logs in as.</param>
    public static bool IsWorker(IReadOnlyBasicProperties properties, OwnUsers own) =>
        UserOf(properties) is { } user ? own.Contains(user) : own.IsEmpty && !IsOfAStream(properties);

    private static string? UserOf(IReadOnlyBasicProperties properties) =>
        properties.UserId is { Length: > 0 } user && !user.Any(char.IsControl) && !IsOfAStream(properties) ? user : null;

    // The stream protocol stores messages as they come, without looking at what is in them.
    private static bool IsOfAStream(IReadOnlyBasicProperties properties) => properties.Headers?.ContainsKey(HeaderNames.StreamOffset) is true;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
