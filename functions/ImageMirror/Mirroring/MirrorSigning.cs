using Ebb.ImageMirror.Adhoc;
using Ebb.Oci;
using Ebb.Signing;
using Ebb.Vault;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Makes the signer at its first use: a run that needs none reads no key.</summary>
public sealed class MirrorSigning : IDisposable
{
    private readonly RegistryClients _registries;
    private readonly SigningOptions _options;
    private readonly Func<VaultClient> _vault;
    private readonly PublicKeyMemory _memory;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly SigningOptions _adhoc;
    private TargetSigner? _signer;
    private TargetSigner? _adhocSigner;

    /// <summary>Creates it from the sections <c>Signing</c> and <c>Vault</c>.</summary>
    /// <param name="registries">The registries.</param>
    /// <param name="options">The platform's key, for what the list approves.</param>
    /// <param name="adhoc">The key for images outside the list.</param>
    /// <param name="vault">The client for keys in Vault.</param>
    /// <param name="memory">Keeps public keys.</param>
    /// <param name="time">The clock.</param>
    public MirrorSigning(
        RegistryClients registries, SigningOptions options, SigningOptions adhoc, Func<VaultClient> vault, MirrorMemory memory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(adhoc);
        ArgumentNullException.ThrowIfNull(time);
        (_registries, _options, _adhoc, _vault, _time) = (registries, options, adhoc, vault, time);
        _memory = new PublicKeyMemory(memory, time);
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>The signer of a run: with the platform's key, or for images outside the list never with that one.</summary>
    /// <exception cref="SigningException">A key cannot be read, or both are the same.</exception>
    internal async Task<TargetSigner> GetSignerAsync(bool isAdhoc, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return isAdhoc ? _adhocSigner ??= await CreateAdhocAsync(cancellationToken) : _signer ??= await CreateAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<TargetSigner> CreateAsync(CancellationToken cancellationToken)
    {
        if (_options.Key is null)
        {
            return TargetSigner.None("Signing:Key is not set");
        }

        return SignerOf(await KeyAsync(_options, cancellationToken));
    }

    private async Task<TargetSigner> CreateAdhocAsync(CancellationToken cancellationToken)
    {
        if (_adhoc.Key is null)
        {
            return TargetSigner.None($"outside the list, and {AdhocSigning.Key} is not set");
        }

        var key = await KeyAsync(_adhoc, cancellationToken);
        if (_options.Key is not null && await ShareKeysAsync(key, await KeyAsync(_options, cancellationToken), cancellationToken))
        {
            throw new SigningException(AdhocSigning.SameKey);
        }

        return SignerOf(key);
    }

    private Task<ISigner> KeyAsync(SigningOptions options, CancellationToken cancellationToken) =>
        Signers.CreateAsync(options, _vault, _time, _memory, cancellationToken);

    private TargetSigner SignerOf(ISigner key) =>
        new(new ImageSigner(_registries, key, _options.Formats, _time), $"signed with {key.Description}", _options.Formats);

    // Every version of a key in Vault counts, since admission may still trust it.
    private static async Task<bool> ShareKeysAsync(ISigner one, ISigner other, CancellationToken cancellationToken)
    {
        var known = (await other.GetPublicKeysAsync(cancellationToken)).Select(key => Convert.ToHexString(key.ExportSubjectPublicKeyInfo())).ToHashSet();
        return (await one.GetPublicKeysAsync(cancellationToken)).Any(key => known.Contains(Convert.ToHexString(key.ExportSubjectPublicKeyInfo())));
    }
}
