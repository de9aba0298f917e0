using Ebb.Http;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.ObjectStore;

/// <summary>Which store, and how it is reached. Read by <see cref="From"/>, checked by <see cref="ObjectStoreOptionsValidator"/>.</summary>
public sealed record ObjectStoreOptions
{
    /// <summary>The configuration key that <see cref="Url"/> stands under; messages name it. Default <c>Store</c>.</summary>
    public string Section { get; init; } = "Store";

    /// <summary><c>s3://bucket/prefix</c> or <c>file:///directory</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The S3 server, such as <c>https://s3.example.com</c> (<c>{section}:Endpoint</c>, <c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL</c>); null: Amazon's for <see cref="Region"/>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The region that requests are signed for (<c>{section}:Region</c>, <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>). Default <c>us-east-1</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>A PEM file with the CA of the server's certificate (<c>{section}:CaFile</c>, <c>AWS_CA_BUNDLE</c>); null: those of the system. Read again when it changes.</summary>
    public string? CaFile { get; init; }

    /// <summary>Allows plain HTTP to a host that is not this machine (<c>{section}:PlainHttp</c>). Default false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>A file with the access key's id (<c>{section}:AccessKeyFile</c>). Read for every request: a rotated one needs no restart.</summary>
    public string? AccessKeyFile { get; init; }

    /// <summary>A file with the access key's secret (<c>{section}:SecretKeyFile</c>).</summary>
    public string? SecretKeyFile { get; init; }

    /// <summary>A file with a session token (<c>{section}:SessionTokenFile</c>); null: none.</summary>
    public string? SessionTokenFile { get; init; }

    /// <summary>The access key's id, when there are no files (<c>AWS_ACCESS_KEY_ID</c>).</summary>
    public string? AccessKey { get; init; }

    /// <summary>The access key's secret, when there are no files (<c>AWS_SECRET_ACCESS_KEY</c>).</summary>
    public string? SecretKey { get; init; }

    /// <summary>A session token, when there are no files (<c>AWS_SESSION_TOKEN</c>).</summary>
    public string? SessionToken { get; init; }

    /// <summary>Retries and pauses. <see cref="ResilienceOptions.AttemptTimeout"/> is for small requests; a part gets a second more for every 128 KiB.</summary>
    public ResilienceOptions Resilience { get; init; } = new() { MaxRetries = 8 };

    /// <summary>Reads the options under <paramref name="section"/>; the variables of Amazon's own tools hold where it is silent. Credentials in files outvote those in variables. What cannot be read is added to the problems.</summary>
    public static ObjectStoreOptions From(IConfiguration configuration, string section, ICollection<string>? problems = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = new SettingsReader(configuration, problems ?? [], section);
        var (accessKeyFile, secretKeyFile) = (read.Text("AccessKeyFile", "the path of a file with the access key's id"), read.Text("SecretKeyFile", "the path of a file with its secret"));
        string? Variable(string name) => accessKeyFile is null && secretKeyFile is null ? new SettingsReader(configuration, []).Secret(name)?.Trim() : null;
        return new ObjectStoreOptions
        {
            Section = section,
            Url = read.Text("", "", "s3://bucket/prefix or file:///directory"),
            Endpoint = read.Text(new("Endpoint", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"), "the S3 server, such as https://s3.example.com; Amazon's where nothing is said"),
            Region = read.Text(new("Region", "AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1", "the region that requests are signed for"),
            CaFile = read.Text(new("CaFile", "AWS_CA_BUNDLE"), "the path of a PEM file with the CA of the server's certificate"),
            PlainHttp = read.Flag("PlainHttp"),
            AccessKeyFile = accessKeyFile,
            SecretKeyFile = secretKeyFile,
            SessionTokenFile = read.Text("SessionTokenFile", "the path of a file with a session token"),
            AccessKey = Variable("AWS_ACCESS_KEY_ID"),
            SecretKey = Variable("AWS_SECRET_ACCESS_KEY"),
            SessionToken = Variable("AWS_SESSION_TOKEN"),
        };
    }

    /// <summary>Names the store and no secret.</summary>
    public override string ToString() => Endpoint is null ? Url : $"{Url} at {Endpoint}";
}
