using Microsoft.AspNetCore.Http;

namespace Ebb.Webhooks.Git;

/// <summary>What a host sent: headers and the raw body, valid while the request is handled.</summary>
internal readonly record struct Delivery(IHeaderDictionary Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>A header that is there once; null otherwise.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] ? value : null;
}
