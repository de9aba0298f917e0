using System.Collections.Concurrent;

namespace Ebb.RabbitMq.Messages;

/// <summary>The users that this process has logged in as: more than one where a login was rotated.</summary>
internal sealed class OwnUsers
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    /// <summary>Whether it learned none: a client certificate was its login, and no name is set.</summary>
    public bool IsEmpty => _names.IsEmpty;

    public bool Contains(string user) => _names.ContainsKey(user);

    public void Add(string user) => _names.TryAdd(user, true);
}
