namespace Ebb.EtcdBackup.Bolt;

/// <summary>A file is no sound etcd database. Never transient: the same bytes fail again. The message holds no key and no value.</summary>
public sealed class BoltException : Exception
{
    internal BoltException(string message)
        : base(message)
    {
    }

    internal BoltException(long page, string what)
        : base($"The database is damaged at page {page}: {what}.") => Page = page;

    /// <summary>The page that is wrong; null where it is none in particular.</summary>
    public long? Page { get; }
}
