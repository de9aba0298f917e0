namespace Ebb.Worker;

/// <summary>
/// How callers are called in runs, logs and documents: what they showed, then its name. A name of one kind is never one of another, so
/// that a broker user, a queue, a host key and a function's key called the same are four callers.
/// </summary>
public static class CallerNames
{
    /// <summary>The master key.</summary>
    public const string MasterKey = "key:master";

    /// <summary>Whoever runs <c>ebb run</c>: it is in no system but the process's own.</summary>
    public const string CommandLine = "command line";

    private const string Host = "key:host/";
    private const string System = "key:system/";
    private const string Function = "key:function/";
    private const string User = "rabbitmq:user/";
    private const string Queue = "rabbitmq:queue/";

    /// <summary>The key <c>host.function.{name}</c>.</summary>
    public static string HostKey(string name) => Host + name;

    /// <summary>The key <c>host.systemKey.{name}</c>.</summary>
    public static string SystemKey(string name) => System + name;

    /// <summary>The key <c>functions.{function}.{name}</c>.</summary>
    public static string FunctionKey(string function, string name) => $"{Function}{function}/{name}";

    /// <summary>The user of a message's connection, where RabbitMQ vouches for it.</summary>
    public static string BrokerUser(string user) => User + user;

    /// <summary>Whoever may write to a RabbitMQ queue: the message names no sender that RabbitMQ vouches for.</summary>
    public static string BrokerQueue(string queue) => Queue + queue;

    /// <summary>Whether the text can be the name of a sender on the broker.</summary>
    public static bool IsSender(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsNamed(text, User) || IsNamed(text, Queue);
    }

    /// <summary>
    /// Whether a caller that was stored is, or may be, this one. Before callers were called by their kind, a key was stored by its bare
    /// name: that may be any key of the name.
    /// </summary>
    /// <param name="stored">As stored; null when nobody was named.</param>
    /// <param name="caller">As called now.</param>
    public static bool MayBeOne(string? stored, string? caller) =>
        stored == caller || (stored is not null && caller?.StartsWith("key:", StringComparison.Ordinal) is true && stored == BareName(caller));

    // No key's name holds a slash: it is that of a file.
    private static string BareName(string caller) => caller == MasterKey ? "master" : caller[(caller.LastIndexOf('/') + 1)..];

    private static bool IsNamed(string text, string kind) => text.StartsWith(kind, StringComparison.Ordinal) && text.Length > kind.Length;
}
