using System.Collections.Concurrent;

namespace Ebb.Oci.Transport;

/// <summary>Counts requests by method.</summary>
internal sealed class RequestCounter
{
    private readonly ConcurrentDictionary<string, long> methods = new();

    public IReadOnlyDictionary<string, long> ByMethod => new Dictionary<string, long>(methods);

    public long Total => methods.Values.Sum();

    public void Count(HttpRequestMessage request) => methods.AddOrUpdate(request.Method.Method, 1, static (_, n) => n + 1);
}
