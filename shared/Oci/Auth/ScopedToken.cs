using System.Net.Http.Headers;

namespace Ebb.Oci.Auth;

/// <summary>The bearer token of one set of scopes, and the gate that lets one caller fetch it.</summary>
internal sealed class ScopedToken : IDisposable
{
    public SemaphoreSlim Gate { get; } = new(1);

    public AuthenticationHeaderValue? Header { get; set; }

    public DateTimeOffset Expires { get; set; }

    public AuthenticationHeaderValue? At(DateTimeOffset now) => now < Expires ? Header : null;

    public void Dispose() => Gate.Dispose();
}
