using System.Security.Cryptography;
using System.Text;
using Ebb.EtcdBackup.Configuration;
using Ebb.OpenSsl;
using Grpc.Net.Client;

namespace Ebb.EtcdBackup.Sources.Etcd;

/// <summary>Snapshots from etcd itself, by client certificate, user, both or neither.</summary>
internal sealed class EtcdSource(EtcdOptions options, TimeProvider time) : ISnapshotSource
{
    public string Kind => "etcd";

    public async Task<IReadOnlyList<SnapshotMember>> OpenAsync(CancellationToken cancellationToken)
    {
        var login = await ReadLoginAsync(cancellationToken);
        var credentials = await ReadCredentialsAsync(cancellationToken);
        try
        {
            return [.. options.Endpoints.Select(endpoint => new EtcdMember($"{endpoint.Host}:{endpoint.Port}", Open(endpoint, credentials), login))];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(credentials.KeyBytes);
        }
    }

    private static GrpcChannel Open(Uri endpoint, Credentials credentials) => endpoint.Scheme == "https"
        ? MemberChannel.Open(endpoint.IdnHost, endpoint.Port, credentials.Tls, "The certificates of EtcdBackup:CaFile, CertificateFile and KeyFile")
        : MemberChannel.Open(endpoint);

    private async Task<EtcdLogin?> ReadLoginAsync(CancellationToken cancellationToken)
    {
        if (options.User is null || options.PasswordFile is null)
        {
            return null;
        }

        var password = await CredentialFile.ReadAsync("PasswordFile", options.PasswordFile, cancellationToken);
        return new EtcdLogin(options.User, Encoding.UTF8.GetString(password).TrimEnd('\n', '\r'));
    }

    private async Task<Credentials> ReadCredentialsAsync(CancellationToken cancellationToken)
    {
        async Task<byte[]> ReadAsync(string setting, string? path) => path is null || !options.HasTls ? [] : await CredentialFile.ReadAsync(setting, path, cancellationToken);
        var authorities = await ReadAsync("CaFile", options.CaFile);
        var certificates = await ReadAsync("CertificateFile", options.CertificateFile);
        var key = await ReadAsync("KeyFile", options.KeyFile);
        return new Credentials(new TlsClientOptions { Authorities = authorities, Certificates = certificates, Key = key, Time = time }, key);
    }

    private sealed record Credentials(TlsClientOptions Tls, byte[] KeyBytes);
}
