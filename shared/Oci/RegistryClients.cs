using System.Collections.Concurrent;
using Ebb.Oci.Transport;

namespace Ebb.Oci;

/// <summary>One client for each registry, with its credentials and limits. Opens nothing until it is used.</summary>
public sealed class RegistryClients : IDisposable
{
    private readonly RegistriesOptions _options;
    private readonly TimeProvider _time;
    private readonly Lazy<RegistryClients> _anonymous;
    private readonly ConcurrentDictionary<string, Lazy<(RegistryTransport Transport, RegistryClient Client)>> _clients = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the clients' factory.</summary>
    public RegistryClients(RegistriesOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _anonymous = new(() => new RegistryClients(options with { Anonymous = true }, time));
    }

    /// <summary>The same registries, asked without any credential.</summary>
    public RegistryClients Anonymous => _options.Anonymous ? this : _anonymous.Value;

    /// <summary>The client of a registry; the same one for the same name.</summary>
    public RegistryClient For(string registry) =>
        _clients.GetOrAdd(registry, name => new(() =>
        {
            var transport = new RegistryTransport(name, _options, _time);
            return (transport, new RegistryClient(transport));
        })).Value.Client;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Transport.Dispose();
        }

        if (_anonymous.IsValueCreated)
        {
            _anonymous.Value.Dispose();
        }
    }
}
