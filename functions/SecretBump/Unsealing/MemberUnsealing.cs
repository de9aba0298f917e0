using Ebb.Vault;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Unsealing;

/// <summary>
/// Looks at one member and unseals it where that is needed. Two at once do no harm: a share that was given already does not count twice, and
/// one given to an open server changes nothing.
/// </summary>
internal sealed partial class MemberUnsealing(VaultSeal seal, string address, IReadOnlyList<KeyShare> shares, ILogger logger)
{
    public async Task<MemberReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var status = await seal.ReadAsync(cancellationToken);
            return Untouched(status) ?? await UnsealAsync(status, cancellationToken);
        }
        catch (VaultException exception)
        {
            return Report(MemberState.Unreachable, exception.Message);
        }
    }

    private MemberReport? Untouched(VaultSealStatus status) => status switch
    {
        { Initialized: false } => Report(MemberState.NotInitialized, "It was never initialised, or has not joined its cluster yet. It was not touched."),
        { Sealed: false } => Report(MemberState.Open, null),
        { Kind: not "shamir" } => Report(MemberState.Sealed, $"Its seal is {status.Kind}, which opens without key shares. It was not touched; its log says why it did not."),
        _ when shares.Count < status.Threshold => Report(MemberState.Sealed, $"It needs {status.Threshold} key shares and {shares.Count} are mounted. It was not touched."),
        _ => null,
    };

    private async Task<MemberReport> UnsealAsync(VaultSealStatus status, CancellationToken cancellationToken)
    {
        var wasBegun = status.Progress > 0;
        var refusal = await GiveAsync(cancellationToken);

        // What somebody else had begun may have been wrong, and is forgotten now: our shares alone get one chance.
        return refusal is { IsRefused: true } && wasBegun ? (await GiveAsync(cancellationToken) ?? Opened()).Report : (refusal ?? Opened()).Report;
    }

    // Null: it is open.
    private async Task<Outcome?> GiveAsync(CancellationToken cancellationToken)
    {
        var status = default(VaultSealStatus);
        foreach (var share in shares)
        {
            try
            {
                status = await seal.UnsealAsync(share.Value, cancellationToken);
            }
            catch (VaultException exception) when (exception.Fault == VaultFault.InvalidRequest)
            {
                return await RefusedAsync(share, exception, cancellationToken);
            }

            if (!status.Sealed)
            {
                return null;
            }

            LogProgress(logger, address, status.Progress, status.Threshold);
        }

        return new Outcome(Report(MemberState.Sealed, $"All {shares.Count} mounted key shares were given and {status?.Progress} of {status?.Threshold} count; another run may have begun anew. The next run goes on."), IsRefused: false);
    }

    private async Task<Outcome> RefusedAsync(KeyShare share, VaultException exception, CancellationToken cancellationToken)
    {
        try
        {
            await seal.ResetAsync(cancellationToken);
        }
        catch (VaultException refused) when (refused.Fault == VaultFault.InvalidRequest)
        {
            // Another run may have opened it meanwhile; then there is nothing to forget.
            if ((await seal.ReadAsync(cancellationToken)).Sealed)
            {
                throw;
            }

            return Opened();
        }

        LogRefused(logger, address, share.Name, WithoutShares(exception.Message));
        return new Outcome(
            Report(MemberState.Sealed, $"The key shares were refused at {share.Name}: {string.Join("; ", exception.Errors)}. What had been given is forgotten. Check that all mounted shares are of this cluster and of its last rekeying."),
            IsRefused: true);
    }

    private Outcome Opened()
    {
        LogUnsealed(logger, address);
        return new Outcome(Report(MemberState.Unsealed, null), IsRefused: false);
    }

    private MemberReport Report(MemberState state, string? detail) => new(address, state, detail is null ? null : WithoutShares(detail));

    // A server that repeats what it was sent must not get it into a log.
    private string WithoutShares(string text) => shares.Aggregate(text, (said, share) => said.Replace(share.Value, "[removed]", StringComparison.OrdinalIgnoreCase));

    private sealed record Outcome(MemberReport Report, bool IsRefused);
}
