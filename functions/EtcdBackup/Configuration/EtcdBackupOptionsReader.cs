using System.Text.RegularExpressions;
using Ebb.Age;
using Ebb.ObjectStore;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup.Configuration;

/// <summary>Reads and checks the section <c>EtcdBackup</c>. Reaches no server.</summary>
internal sealed partial class EtcdBackupOptionsReader
{
    private const string S3 = "s3://";

    private readonly IConfiguration _configuration;
    private readonly ICollection<string> _problems;
    private readonly OptionsReader _read;

    private EtcdBackupOptionsReader(IConfiguration configuration, ICollection<string> problems)
    {
        (_configuration, _problems) = (configuration, problems);
        _read = new OptionsReader(configuration, problems);
    }

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
        var source = ReadSource();
        var cluster = _read.Text("Cluster", "CLUSTER_NAME") ?? "";
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
            DisableEncryption = _read.Flag("DisableEncryption", false, "DISABLE_ENCRYPTION"),
            Compress = _read.Flag("Compress", false, "ENABLE_COMPRESSION"),
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
            _read.Problem("Source", null, "write etcd or talos: where snapshots come from");
        }

        return options;
    }

    private SourceKind? ReadSource()
    {
        switch (_read.Text("Source"))
        {
            case null:
                return null;
            case { } text when text.Equals("etcd", StringComparison.OrdinalIgnoreCase):
                return SourceKind.Etcd;
            case { } text when text.Equals("talos", StringComparison.OrdinalIgnoreCase):
                return SourceKind.Talos;
            case { } text:
                _read.Problem("Source", text, "write etcd or talos");
                return null;
        }
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
        var options = ObjectStoreOptions.From(_configuration, EtcdBackupOptions.StoreSection);
        if (options.Url.Length > 0 || _read.Text("Store:Bucket", "BUCKET") is not { } bucket)
        {
            return options;
        }

        var endpoint = options.Endpoint ?? _read.Text("Store:Endpoint", "CUSTOM_S3_ENDPOINT");
        return options with
        {
            Url = _read.Text("Store:Prefix", "S3_PREFIX") is { } prefix ? $"{S3}{bucket}/{prefix}" : S3 + bucket,
            Endpoint = endpoint is null || endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : "https://" + endpoint,
        };
    }

    private LockOptions? ReadLock()
    {
        var days = _read.Number("Lock:Days", 0, 1, 3650);
        var text = _read.Text("Lock:Mode") ?? nameof(RetentionMode.Governance);
        if (!Enum.TryParse<RetentionMode>(text, ignoreCase: true, out var mode) || int.TryParse(text, out _))
        {
            _read.Problem("Lock:Mode", text, "write Governance or Compliance");
        }

        return days == 0 ? null : new LockOptions(mode, days);
    }

    private static bool IsBareBucket(string url) =>
        url.StartsWith(S3, StringComparison.Ordinal) && !url[S3.Length..].Contains('/', StringComparison.Ordinal);

    private EtcdOptions ReadEtcd() => new()
    {
        Endpoints = [.. _read.Texts("Endpoints").Select(Endpoint).OfType<Uri>()],
        CaFile = _read.Text("CaFile"),
        CertificateFile = _read.Text("CertificateFile"),
        KeyFile = _read.Text("KeyFile"),
        User = _read.Text("User"),
        PasswordFile = _read.Text("PasswordFile"),
    };

    private Uri? Endpoint(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.PathAndQuery is "/")
        {
            return uri;
        }

        _read.Problem("Endpoints", Shown.Url(text), "write addresses such as https://10.0.0.1:2379, separated by commas");
        return null;
    }

    private TalosOptions ReadTalos() => new()
    {
        ConfigFile = _read.Text("TalosConfig") ?? new TalosOptions().ConfigFile,
        Context = _read.Text("TalosContext"),
        Nodes = _read.Texts("TalosNodes"),
    };

    private List<AgeRecipient> ReadRecipients()
    {
        var recipients = new List<AgeRecipient>();
        foreach (var (number, text) in _read.Texts("AgeRecipients", "AGE_X25519_PUBLIC_KEY").Index())
        {
            if (AgeRecipient.TryParse(text, out var recipient, out var error))
            {
                recipients.Add(recipient);
            }
            else
            {
                _problems.Add($"{EtcdBackupOptions.Section}:AgeRecipients cannot be used, entry {number + 1}: {error}");
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
        if (!ClusterPattern().IsMatch(options.Cluster))
        {
            _read.Problem("Cluster", options.Cluster.Length == 0 ? null : Shown.Line(options.Cluster), "write the cluster's name: 1 to 63 letters, digits and . _ -, beginning with a letter or digit");
        }

        foreach (var problem in ObjectStoreOptionsValidator.Validate(options.Store))
        {
            _problems.Add(problem);
        }
    }

    private void CheckEncryption(EtcdBackupOptions options)
    {
        if (options.AgeRecipients.Count == 0 && !options.DisableEncryption && _read.Texts("AgeRecipients", "AGE_X25519_PUBLIC_KEY").Count == 0)
        {
            _read.Problem("AgeRecipients", null, "name who can decrypt (age1…, made by age-keygen), or say EtcdBackup:DisableEncryption=true");
        }
        else if (options.AgeRecipients.Count > 0 && options.DisableEncryption)
        {
            _read.Problem("DisableEncryption", "true", "recipients are given too; keep one of the two");
        }
    }

    private void CheckEtcd(EtcdOptions etcd)
    {
        if (etcd.Endpoints.Count == 0 && _read.Texts("Endpoints").Count == 0)
        {
            _read.Problem("Endpoints", null, "write the members' addresses, such as https://10.0.0.1:2379");
        }

        if (etcd.CaFile is null && etcd.HasTls)
        {
            _read.Problem("CaFile", null, "name the PEM file with the authority of etcd's server certificates");
        }

        if ((etcd.CertificateFile is null) != (etcd.KeyFile is null))
        {
            _read.Problem(etcd.KeyFile is null ? "KeyFile" : "CertificateFile", null, "a client certificate and its key go together");
        }

        if ((etcd.User is null) != (etcd.PasswordFile is null))
        {
            _read.Problem(etcd.User is null ? "User" : "PasswordFile", null, "a user and the file with its password go together");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClusterPattern();
}
