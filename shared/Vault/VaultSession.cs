using Ebb.Vault.Login;
using Microsoft.Extensions.Logging;

namespace Ebb.Vault;

/// <summary>
/// The token that requests carry. Renewed or fetched anew when two thirds of its lease are over, once however many callers
/// wait for it; a failure of that counts only when the old token has run out.
/// </summary>
internal sealed partial class VaultSession(VaultTransport transport, IVaultLogin login, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private VaultToken? _current;
    private Task<VaultToken>? _underWay;

    /// <summary>A token that holds.</summary>
    /// <exception cref="VaultException">There is none.</exception>
    public Task<VaultToken> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is { } token && time.GetUtcNow() < token.RefreshAt)
            {
                return Task.FromResult(token);
            }

            // Not cancelled by the caller who happens to be first: others wait for it too, and time-outs bound it.
            _underWay ??= RefreshAsync(_current);
            return _underWay.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Asks whether the token that was refused is dead; if so it is dropped and true is returned.</summary>
    public async Task<bool> DropIfDeadAsync(VaultToken token, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current?.Value != token.Value)
            {
                return true;
            }
        }

        try
        {
            await transport.SendAsync(VaultRequest.Get("auth/token/lookup-self"), token.Value, VaultJson.Default.LookupAnswer, cancellationToken);
            return false;
        }
        catch (VaultException exception) when (exception.Fault == VaultFault.Denied)
        {
            lock (_gate)
            {
                _current = _current?.Value == token.Value ? null : _current;
            }

            LogDropped(logger, login.Description);
            return true;
        }
    }

    private async Task<VaultToken> RefreshAsync(VaultToken? old)
    {
        await Task.Yield();
        try
        {
            var token = await RenewAsync(old) ?? await LoginAsync(old);
            lock (_gate)
            {
                (_current, _underWay) = (token, null);
            }

            return token;
        }
        catch
        {
            lock (_gate)
            {
                (_current, _underWay) = (null, null);
            }

            throw;
        }
    }

    // Near its maximum lifetime a renewed token gets a shorter lease each time; half of the first is the time to log in anew.
    private async Task<VaultToken?> RenewAsync(VaultToken? old)
    {
        if (old is not { Renewable: true } || time.GetUtcNow() >= old.ExpiresAt)
        {
            return null;
        }

        try
        {
            var asked = time.GetUtcNow();
            var request = new VaultRequest(HttpMethod.Post, "auth/token/renew-self") { Body = "{}"u8.ToArray(), Repeatable = true };
            var auth = (await transport.SendAsync(request, old.Value, VaultJson.Default.LoginAnswer, CancellationToken.None)).Auth;
            return auth is not null && TimeSpan.FromSeconds(auth.LeaseDuration) is var lease && lease >= old.Lease / 2
                ? new VaultToken(old.Value, asked, lease, auth.Renewable)
                : null;
        }
        catch (VaultException exception)
        {
            LogNotRenewed(logger, login.Description, exception.Message);
            return null;
        }
    }

    private async Task<VaultToken> LoginAsync(VaultToken? old)
    {
        try
        {
            return await login.LoginAsync(transport, CancellationToken.None);
        }
        catch (VaultException exception) when (old is not null && time.GetUtcNow() < old.ExpiresAt)
        {
            LogKept(logger, login.Description, exception.Message);
            return old.KeptUntil(time.GetUtcNow() + PauseAfterFailure);
        }
        catch (VaultException exception) when (exception.Fault is VaultFault.Denied or VaultFault.InvalidRequest or VaultFault.NotFound)
        {
            throw new VaultException(
                $"{login.Description} is refused ({(int?)exception.Status}{(exception.Errors.Count == 0 ? "" : ": " + string.Join("; ", exception.Errors))}). "
                + "Check that it exists at this server and namespace, is not expired or used up, and that its role is bound to this caller.",
                VaultFault.LoginFailed,
                exception)
            {
                Status = exception.Status,
                Errors = exception.Errors,
            };
        }
    }
}
