using Ebb.Age;
using Ebb.ObjectStore;

namespace Ebb.EtcdBackup.Configuration;

/// <summary>
/// The section <c>EtcdBackup</c>. The environment variables of siderolabs/talos-backup are read where a setting is not given:
/// <c>CLUSTER_NAME</c>, <c>CUSTOM_S3_ENDPOINT</c>, <c>BUCKET</c>, <c>S3_PREFIX</c>, <c>AGE_X25519_PUBLIC_KEY</c>, <c>ENABLE_COMPRESSION</c>, <c>DISABLE_ENCRYPTION</c>.
/// </summary>
public sealed record EtcdBackupOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "EtcdBackup";

    internal const string StoreSection = Section + ":Store";

    /// <summary>Where snapshots come from; null: nothing is configured, and nothing is backed up.</summary>
    public SourceKind? Source { get; init; }

    /// <summary>The cluster's name: 1 to 63 letters, digits and <c>. _ -</c>. It is part of every object's name.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Where the objects go (<c>EtcdBackup:Store</c>): <c>s3://bucket/prefix</c> or <c>file:///directory</c>.</summary>
    public ObjectStoreOptions Store { get; init; } = new() { Section = StoreSection, Url = "" };

    /// <summary>What stands before a snapshot's name inside the store: the cluster's name and a slash in a bucket without a prefix, as in talos-backup; else nothing.</summary>
    public string KeyPrefix { get; init; } = "";

    /// <summary>
    /// The same store under the prefix as it was given, where that ends with a slash: talos-backup puts one more behind it (<c>S3_PREFIX=etcd/</c> becomes
    /// <c>etcd//prod-….snap.age</c>). What is there is read and pruned, and nothing new goes there. Null: the prefix has none.
    /// </summary>
    public ObjectStoreOptions? VerbatimStore { get; init; }

    /// <summary>How etcd is reached, for <see cref="SourceKind.Etcd"/>.</summary>
    public EtcdOptions Etcd { get; init; } = new();

    /// <summary>How Talos is reached, for <see cref="SourceKind.Talos"/>.</summary>
    public TalosOptions Talos { get; init; } = new();

    /// <summary>Who can decrypt. Empty only with <see cref="DisableEncryption"/>.</summary>
    public IReadOnlyList<AgeRecipient> AgeRecipients { get; init; } = [];

    /// <summary>Stores snapshots unencrypted. Has to be said explicitly: a snapshot holds every Secret of the cluster. Default false.</summary>
    public bool DisableEncryption { get; init; }

    /// <summary>Compresses with zstd before encryption. Default false, as in talos-backup.</summary>
    public bool Compress { get; init; }

    /// <summary>How long a source may bring nothing before its snapshot is given up. Default 2 minutes, 1 second to 1 hour.</summary>
    public TimeSpan ProgressTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Reads every stored object back before it counts. Default true; false is for measurements only and leaves every backup unverified.</summary>
    public bool ReadBack { get; init; } = true;

    /// <summary>What is kept.</summary>
    public KeepOptions Keep { get; init; } = new();

    /// <summary>Object Lock; null (default) for none. The bucket must have been created with it.</summary>
    public LockOptions? Lock { get; init; }
}
