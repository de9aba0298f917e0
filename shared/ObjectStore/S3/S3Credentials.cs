using Amazon.Runtime;
using Ebb.Settings;

namespace Ebb.ObjectStore.S3;

/// <summary>The access key that requests are signed with: from files, read for every request, or the fixed one of the options.</summary>
internal sealed class S3Credentials(ObjectStoreOptions options) : AWSCredentials
{
    private volatile ImmutableCredentials? _used;

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials() => _used = Read();

    /// <inheritdoc/>
    public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());

    /// <summary>True when the files no longer hold what the last request was signed with: it was rotated in between, or caught half.</summary>
    public bool HaveChanged() => options.AccessKeyFile is not null && _used is { } used && !used.Equals(Read());

    private ImmutableCredentials Read() => options.AccessKeyFile is { } access && options.SecretKeyFile is { } secret
        ? new ImmutableCredentials(ReadFile("AccessKeyFile", access), ReadFile("SecretKeyFile", secret), options.SessionTokenFile is { } token ? ReadFile("SessionTokenFile", token) : null)
        : new ImmutableCredentials(options.AccessKey, options.SecretKey, options.SessionToken);

    private string ReadFile(string name, string path) => SecretFile.ReadLine(
        path, $"{options.Section}:{name}", (message, cause) => new ObjectStoreException(message, ObjectStoreFault.CredentialsRefused, cause));
}
