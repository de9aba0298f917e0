using System.Text.Json.Serialization.Metadata;
using Ebb.Vault.Login;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Vault;

/// <summary>
/// A client of Vault or OpenBao: the login and the requests that the engines' classes send, such as <see cref="VaultTransit"/>.
/// Opens nothing until it is used. Safe for concurrent use.
/// </summary>
public sealed class VaultClient : IDisposable
{
    private readonly VaultTransport _transport;
    private readonly VaultSession _session;

    /// <summary>Creates the client of one server.</summary>
    /// <exception cref="ArgumentException">The options have problems; the message lists them all.</exception>
    public VaultClient(VaultOptions options, TimeProvider time, ILogger<VaultClient>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var problems = VaultOptionsValidator.Validate(options).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        Options = options;
        _transport = new VaultTransport(options, time);
        _session = new VaultSession(_transport, VaultLogins.Create(options, time), time, logger ?? NullLogger<VaultClient>.Instance);
    }

    /// <summary>The options the client was made from.</summary>
    public VaultOptions Options { get; }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    /// <summary>Sends a request with the session's token; when the token died meanwhile, once more with a new one.</summary>
    internal Task<T> SendAsync<T>(VaultRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => WithTokenAsync(token => _transport.SendAsync(request, token, type, cancellationToken), cancellationToken);

    /// <summary>The same for a request whose answer holds nothing of interest.</summary>
    internal Task SendAsync(VaultRequest request, CancellationToken cancellationToken) =>
        WithTokenAsync(token => _transport.SendAsync(request, token, cancellationToken), cancellationToken);

    private async Task<T> WithTokenAsync<T>(Func<string, Task<T>> send, CancellationToken cancellationToken)
    {
        var token = await _session.GetAsync(cancellationToken);
        try
        {
            return await send(token.Value);
        }
        catch (VaultException exception) when (exception.Fault == VaultFault.Denied)
        {
            if (!await _session.DropIfDeadAsync(token, cancellationToken))
            {
                throw;
            }
        }

        token = await _session.GetAsync(cancellationToken);
        return await send(token.Value);
    }
}
