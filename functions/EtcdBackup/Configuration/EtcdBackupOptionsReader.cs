using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Ebb.Age;
using Ebb.ObjectStore;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup.Configuration;

/// <summary>Reads and checks the section <c>EtcdBackup</c>. Reaches no server.</summary>
internal sealed partial class EtcdBackupOptionsReader
{
    private const string S3 = "s3://";
    private const string ClusterForm = "the cluster's name: 1 to 63 letters, digits and . _ -, beginning with a letter or digit";
    private const string EndpointsForm = "addresses of members such as https://10.0.0.1:2379";
    private const string RecipientsForm = "public keys such as age1…";

    private static readonly SettingKey Recipients = new("AgeRecipients", "AGE_X25519_PUBLIC_KEY");

    private readonly IConfiguration _configuration;
    private readonly SettingsReader _read;

    private EtcdBackupOptionsReader(IConfiguration configuration, ICollection<string> problems) =>
        (_configuration, _read) = (configuration, new SettingsReader(configuration, problems, EtcdBackupOptions.Section));

    /// <summary>Whether it is said where snapshots come from.</summary>
    public static bool IsConfigured(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[$"{EtcdBackupOptions.Section}:Source"]);

    /// <summary>Every problem is added, and its default taken. Without any setting nothing is configured, which is no problem.</summary>
    public static EtcdBackupOptions Read(IConfiguration configuration, ICollection<string> problems) =>
        new EtcdBackupOptionsReader(configuration, problems).Read();

    /// <summary>The same for who only reads the store: cluster and store must be right, a source is not needed.</summary>
    public static EtcdBackupOptions ReadStoreOnly(IConfiguration configuration, ICollection<string> problems)
    {
        var options = Read(configuration, []);
        var reader = new EtcdBackupOptionsReader(configuration, problems);
        reader.CheckStore(options);
        return options;
    }

    private EtcdBackupOptions Read()
    {
        var source = _read.Choice<SourceKind?>("Source", "etcd or talos", null, ("etcd", SourceKind.Etcd), ("talos", SourceKind.Talos));
        var cluster = _read.Text(new("Cluster", "CLUSTER_NAME"), "", ClusterForm);
        var (store, verbatim) = ReadStore();
        var options = new EtcdBackupOptions
        {
            Source = source,
            Cluster = cluster,
            Store = store,
            VerbatimStore = verbatim,
            KeyPrefix = IsBareBucket(store.Url) ? cluster + "/" : "",
            Etcd = ReadEtcd(),
            Talos = ReadTalos(),
            AgeRecipients = ReadRecipients(),
            DisableEncryption = _read.Flag(new("DisableEncryption", "DISABLE_ENCRYPTION")),
            Compress = _read.Flag(new("Compress", "ENABLE_COMPRESSION")),
            ProgressTimeout = _read.Duration("ProgressTimeout", TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ReadBack = _read.Flag("ReadBack", true),
            Lock = ReadLock(),
            Keep = new KeepOptions
            {
                Daily = _read.Number("Keep:Daily", 7, 1, 3650),
                Weekly = _read.Number("Keep:Weekly", 4, 0, 520),
                Monthly = _read.Number("Keep:Monthly", 12, 0, 240),
            },
        };
        if (source is not null)
        {
            Check(options);
        }
        else if (store.Url.Length > 0 && _read.Text("Source") is null)
        {
            _read.Missing("Source", "etcd or talos: where snapshots come from", 0);
        }

        return options;
    }

    private (ObjectStoreOptions Store, ObjectStoreOptions? Verbatim) ReadStore()
    {
        var options = ReadGivenStore();
        if (!options.Url.StartsWith(S3, StringComparison.Ordinal) || options.Url.IndexOf('/', S3.Length) is not (>= 0 and var slash))
        {
            return (options, null);
        }

        var (bucket, given) = (options.Url[..slash], options.Url[(slash + 1)..]);
        var prefix = given.Trim('/');

        // Amazon's SDK signs another path than it asks for where a key begins with a slash, so such keys cannot be reached.
        var isVerbatimElsewhere = given != prefix && given[0] != '/';
        return (options with { Url = prefix.Length == 0 ? bucket : $"{bucket}/{prefix}" }, isVerbatimElsewhere ? options with { Url = $"{bucket}/{given}/" } : null);
    }

    // talos-backup names a bucket, a prefix and an endpoint, which is https where it says nothing else.
    private ObjectStoreOptions ReadGivenStore()
    {
        var options = ObjectStoreOptions.From(_configuration, EtcdBackupOptions.StoreSection, _read.Problems);
        if (options.Url.Length > 0 || _read.Text(new("Store:Bucket", "BUCKET"), "a bucket, where Store is not set") is not { } bucket)
        {
            return options;
        }

        var endpoint = options.Endpoint ?? _read.Text(new("Store:Endpoint", "CUSTOM_S3_ENDPOINT"));
        return options with
        {
            Url = _read.Text(new("Store:Prefix", "S3_PREFIX"), "a prefix in Store:Bucket") is { } prefix ? $"{S3}{bucket}/{prefix}" : S3 + bucket,
            Endpoint = endpoint is null || endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : "https://" + endpoint,
        };
    }

    private LockOptions? ReadLock()
    {
        var days = _read.Number("Lock:Days", 0, 1, 3650);
        var mode = _read.Choice("Lock:Mode", "Governance or Compliance", RetentionMode.Governance, ("Governance", RetentionMode.Governance), ("Compliance", RetentionMode.Compliance));
        return days == 0 ? null : new LockOptions(mode, days);
    }

    private static bool IsBareBucket(string url) =>
        url.StartsWith(S3, StringComparison.Ordinal) && !url[S3.Length..].Contains('/', StringComparison.Ordinal);

    private EtcdOptions ReadEtcd() => new()
    {
        Endpoints = _read.All<Uri>("Endpoints", EndpointsForm, TryEndpoint),
        CaFile = _read.Text("CaFile", "the path of a PEM file with the authority of etcd's server certificates"),
        CertificateFile = _read.Text("CertificateFile", "the path of a PEM file with the client's certificate"),
        KeyFile = _read.Text("KeyFile", "the path of a PEM file with its key"),
        User = _read.Text("User", "a user of etcd with the role root"),
        PasswordFile = _read.Text("PasswordFile", "the path of a file with the user's password"),
    };

    private static bool TryEndpoint(string text, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.PathAndQuery is "/";

    private TalosOptions ReadTalos() => new()
    {
        ConfigFile = _read.Text("TalosConfig", new TalosOptions().ConfigFile, "the path of a talosconfig"),
        Context = _read.Text("TalosContext", "a context of the talosconfig"),
        Nodes = _read.Texts("TalosNodes", "addresses of control plane nodes"),
    };

    private List<AgeRecipient> ReadRecipients()
    {
        var recipients = new List<AgeRecipient>();
        foreach (var (number, text) in _read.Texts(Recipients, RecipientsForm).Index())
        {
            if (AgeRecipient.TryParse(text, out var recipient, out var error))
            {
                recipients.Add(recipient);
            }
            else
            {
                _read.Problems.Add($"{EtcdBackupOptions.Section}:AgeRecipients cannot be used, entry {number + 1}: {error}");
            }
        }

        return recipients;
    }

    private void Check(EtcdBackupOptions options)
    {
        CheckStore(options);
        CheckEncryption(options);
        if (options.Source == SourceKind.Etcd)
        {
            CheckEtcd(options.Etcd);
        }
    }

    private void CheckStore(EtcdBackupOptions options)
    {
        if (options.Cluster.Length == 0)
        {
            _read.Missing("Cluster", ClusterForm, 0);
        }
        else if (!ClusterPattern().IsMatch(options.Cluster))
        {
            _read.Wrong("Cluster", options.Cluster, ClusterForm, 0);
        }

        foreach (var problem in ObjectStoreOptionsValidator.Validate(options.Store))
        {
            _read.Problems.Add(problem);
        }
    }

    private void CheckEncryption(EtcdBackupOptions options)
    {
        if (options.AgeRecipients.Count == 0 && !options.DisableEncryption && _read.Texts(Recipients, RecipientsForm).Count == 0)
        {
            _read.Missing("AgeRecipients", "who can decrypt (age1…, made by age-keygen), or say EtcdBackup:DisableEncryption=true", 0);
        }
        else if (options.AgeRecipients.Count > 0 && options.DisableEncryption)
        {
            _read.Wrong("DisableEncryption", "true", "it only where no recipients are given; keep one of the two", 0);
        }
    }

    private void CheckEtcd(EtcdOptions etcd)
    {
        if (etcd.Endpoints.Count == 0 && _read.Texts("Endpoints", EndpointsForm).Count == 0)
        {
            _read.Missing("Endpoints", "the members' addresses, such as https://10.0.0.1:2379", 0);
        }

        if (etcd.CaFile is null && etcd.HasTls)
        {
            _read.Missing("CaFile", "the path of a PEM file with the authority of etcd's server certificates", 0);
        }

        if ((etcd.CertificateFile is null) != (etcd.KeyFile is null))
        {
            _read.Missing(etcd.KeyFile is null ? "KeyFile" : "CertificateFile", "it too: a client certificate and its key go together", 0);
        }

        if ((etcd.User is null) != (etcd.PasswordFile is null))
        {
            _read.Missing(etcd.User is null ? "User" : "PasswordFile", "it too: a user and the file with its password go together", 0);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClusterPattern();
}
