using System.Security.Cryptography;
using Ebb.Vault;

namespace Ebb.Signing.Keys;

/// <summary>
/// Signs with a key of Vault's transit engine, <c>hashivault://&lt;key&gt;</c>. The public keys of all its versions are kept for
/// a minute: a rotation in Vault is seen after that, or at once when a signature carries a newer version.
/// </summary>
internal sealed class VaultTransitSigner(VaultClient client, string key, TimeProvider time) : ISigner, IDisposable
{
    public const string Scheme = "hashivault://";
    private const string Type = "ecdsa-p256";
    private static readonly TimeSpan KeysHold = TimeSpan.FromMinutes(1);

    private readonly VaultTransit _transit = new(client);
    private readonly SemaphoreSlim _gate = new(1);
    private Versions? _known;

    public string Description => Scheme + key;

    public async ValueTask<Signature> SignAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        try
        {
            var signature = await _transit.SignAsync(key, sha256, cancellationToken);
            var versions = await GetVersionsAsync(signature.Version, cancellationToken);
            return versions.Keys.TryGetValue(signature.Version, out var publicKey)
                ? new Signature(signature.Der, publicKey)
                : throw new SigningException($"The key {Description} signed with its version {signature.Version}, whose public key {client.Options} does not list.");
        }
        catch (VaultException exception)
        {
            throw new SigningException($"The key {Description} cannot sign: {exception.Message}", exception);
        }
    }

    public async ValueTask<IReadOnlyList<ECDsa>> GetPublicKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await GetVersionsAsync(version: null, cancellationToken)).NewestFirst;
        }
        catch (VaultException exception)
        {
            throw new SigningException($"The public keys of {Description} cannot be read: {exception.Message}", exception);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Versions> GetVersionsAsync(int? version, CancellationToken cancellationToken)
    {
        if (Holds(_known, version) is { } held)
        {
            return held;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Holds(_known, version) ?? (_known = await ReadAsync(cancellationToken));
        }
        finally
        {
            _gate.Release();
        }
    }

    private Versions? Holds(Versions? versions, int? version) =>
        versions is not null && (version is { } number ? versions.Keys.ContainsKey(number) : time.GetUtcNow() < versions.ReadAt + KeysHold) ? versions : null;

    private async Task<Versions> ReadAsync(CancellationToken cancellationToken)
    {
        var readAt = time.GetUtcNow();
        var answer = await _transit.ReadKeyAsync(key, cancellationToken);
        if (answer.Type != Type)
        {
            throw new SigningException(
                $"The key {Description} has the type '{answer.Type}' and not {Type}, which cosign signatures here use. "
                + $"Make another: vault write -f {client.Options.TransitMount}/keys/<name> type={Type}");
        }

        // Keys read before stay the same objects: signatures under way hold them.
        var keys = answer.PublicKeys.ToDictionary(
            pair => pair.Key,
            pair => _known?.Pem.GetValueOrDefault(pair.Key) == pair.Value
                ? _known.Keys[pair.Key]
                : P256.ImportPublicPem(pair.Value, $"{Description} version {pair.Key}"));
        return keys.ContainsKey(answer.LatestVersion)
            ? new Versions(keys, answer.PublicKeys, readAt)
            : throw new SigningException($"The key {Description} lists no public key for its newest version {answer.LatestVersion}.");
    }

    private sealed record Versions(IReadOnlyDictionary<int, ECDsa> Keys, IReadOnlyDictionary<int, string> Pem, DateTimeOffset ReadAt)
    {
        public IReadOnlyList<ECDsa> NewestFirst { get; } = [.. Keys.OrderByDescending(pair => pair.Key).Select(pair => pair.Value)];
    }
}
