using System.Net;
using System.Net.Http.Headers;

namespace Ebb.GitHosts.Transport;

/// <summary>An answer, read whole.</summary>
internal sealed record HostReply(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, byte[] Body)
{
    /// <summary>The text of a header; null when it is missing.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
