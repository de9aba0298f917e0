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
    private TargetSigner? _signer;

    /// <summary>Creates it from the sections <c>Signing</c> and <c>Vault</c>.</summary>
    public MirrorSigning(RegistryClients registries, SigningOptions options, Func<VaultClient> vault, MirrorMemory memory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_registries, _options, _vault, _time) = (registries, options, vault, time);
        _memory = new PublicKeyMemory(memory, time);
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    internal async Task<TargetSigner> GetSignerAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _signer ??= await CreateAsync(cancellationToken);
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
            return TargetSigner.None;
        }

        var key = await Signers.CreateAsync(_options, _vault, _time, _memory, cancellationToken);
        return new TargetSigner(new ImageSigner(_registries, key, _options.Formats, _time), $"signed with {key.Description}", _options.Formats);
    }
}
