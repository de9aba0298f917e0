using Amazon.Runtime;

namespace Ebb.ObjectStore.S3;

/// <summary>The access key that requests are signed with: from files, read for every request, or the fixed one of the options.</summary>
internal sealed class S3Credentials(ObjectStoreOptions options) : AWSCredentials
{
    private const int MaxFileBytes = 16 * 1024;
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

    private string ReadFile(string name, string path)
    {
        try
        {
            var text = new FileInfo(path).Length <= MaxFileBytes ? File.ReadAllText(path).Trim() : "";
            return text.Length > 0 && !text.Any(char.IsControl)
                ? text
                : throw new ObjectStoreException(
                    $"{options.Section}:{name} '{path}' holds no single line of text. Put the value into it and nothing else.", ObjectStoreFault.CredentialsRefused);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ObjectStoreException(
                $"{options.Section}:{name} '{path}' cannot be read: {exception.Message} Is the secret mounted, and may this user read it?", ObjectStoreFault.CredentialsRefused, exception);
        }
    }
}
