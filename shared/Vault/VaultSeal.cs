namespace Ebb.Vault;

/// <summary>
/// The seal of one server, which every member of a cluster has for itself (Vault API, /sys/seal-status and /sys/unseal). Needs no login.
/// </summary>
public sealed class VaultSeal : IDisposable
{
    private readonly VaultTransport _transport;
    private readonly VaultOptions _options;

    /// <summary>Opens nothing yet. Of the options the address, the CA and the time-outs count.</summary>
    /// <exception cref="ArgumentException">The options have problems; the message lists them all.</exception>
    public VaultSeal(VaultOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var problems = VaultOptionsValidator.ValidateServer(options).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        _options = options;
        _transport = new VaultTransport(options, time);
    }

    /// <summary>Asks for the state; a server that is not initialised answers too.</summary>
    /// <exception cref="VaultException">The server does not answer.</exception>
    public Task<VaultSealStatus> ReadAsync(CancellationToken cancellationToken) => SendAsync(VaultRequest.Get("sys/seal-status"), cancellationToken);

    /// <summary>
    /// Gives one key share. Never repeated by itself: a share that was counted twice is harmless, but one that comes after a reset is not. The
    /// server finds out only with the last share whether all were right, and begins anew when they were not.
    /// </summary>
    /// <param name="share">The share in hexadecimal or base64, as the server gave it out. It is part of no message.</param>
    /// <param name="cancellationToken">Gives up waiting; the server may have counted the share nevertheless.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.InvalidRequest"/>: the share is no share, or the shares together are not the key.</exception>
    public Task<VaultSealStatus> UnsealAsync(string share, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(share);
        return SendAsync(VaultRequest.Post("sys/unseal", new UnsealBody(share, null), VaultJson.Default.UnsealBody), cancellationToken);
    }

    /// <summary>Forgets the shares that were given.</summary>
    /// <exception cref="VaultException">The server is not sealed, or does not answer.</exception>
    public Task<VaultSealStatus> ResetAsync(CancellationToken cancellationToken) =>
        SendAsync(VaultRequest.Post("sys/unseal", new UnsealBody(null, true), VaultJson.Default.UnsealBody) with { Repeatable = true }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private async Task<VaultSealStatus> SendAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(request, token: null, VaultJson.Default.SealAnswer, cancellationToken);
        return answer is { Sealed: { } isSealed, T: { } threshold, N: { } shares }
            ? new VaultSealStatus(answer.Initialized, isSealed, threshold, shares, answer.Progress, answer.Type ?? "", answer.Version ?? "")
            : throw new VaultException($"{_options} answered {request} without a seal's state. Is it Vault?", VaultFault.Protocol);
    }
}
