using System.Collections.Concurrent;

namespace Ebb.Oci.Transport;

/// <summary>Counts requests by method.</summary>
internal sealed class RequestCounter
{
    private readonly ConcurrentDictionary<string, long> _methods = new();

    public IReadOnlyDictionary<string, long> ByMethod => new Dictionary<string, long>(_methods);

    public long Total => _methods.Values.Sum();

    public void Count(HttpRequestMessage request) => _methods.AddOrUpdate(request.Method.Method, 1, static (_, n) => n + 1);
}
