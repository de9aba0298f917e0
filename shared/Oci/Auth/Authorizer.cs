using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Ebb.Oci.Auth;

/// <summary>Logs in to one registry: nothing, Basic or Bearer, as it asks. Keeps tokens by their scopes until shortly before they expire.</summary>
internal sealed class Authorizer(string registry, TokenClient tokens, CredentialSource credentials, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, ScopedToken> _cache = new();
    private volatile Challenge? _challenge;
    private readonly ConcurrentDictionary<string, AuthenticationHeaderValue?> _basic = new();

    /// <summary>The header to send at first: null until the registry has asked for one.</summary>
    public async ValueTask<AuthenticationHeaderValue?> GetAsync(string? repository, IReadOnlyList<string> scopes, CancellationToken cancellationToken) => _challenge switch
    {
        { IsBearer: true } bearer => await GetTokenAsync(bearer, repository, scopes, null, cancellationToken),
        { } => _basic.GetValueOrDefault(repository ?? ""),
        null => null,
    };

    /// <summary>The header that answers a 401; null when there is none to try beside the one rejected.</summary>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(
        Challenge asked, string? repository, IReadOnlyList<string> scopes, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken)
    {
        _challenge = asked;
        if (asked.IsBearer)
        {
            return await GetTokenAsync(asked, repository, scopes, rejected, cancellationToken);
        }

        var credential = await credentials.FindAsync(registry, repository, cancellationToken);
        var header = credential is { IdentityToken: null } ? credential.ToBasic() : null;
        _basic[repository ?? ""] = header;
        return header is null || header.Equals(rejected) ? null : header;
    }

    /// <summary>The header for requests outside the distribution API: Basic, or none.</summary>
    public async Task<AuthenticationHeaderValue?> GetBasicAsync(string? repository, CancellationToken cancellationToken) =>
        await credentials.FindAsync(registry, repository, cancellationToken) is { IdentityToken: null } credential ? credential.ToBasic() : null;

    public void Dispose()
    {
        foreach (var token in _cache.Values)
        {
            token.Dispose();
        }
    }

    private async Task<AuthenticationHeaderValue> GetTokenAsync(
        Challenge asked, string? repository, IReadOnlyList<string> scopes, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken)
    {
        var token = _cache.GetOrAdd(string.Join(' ', scopes), static _ => new ScopedToken());
        if (Usable() is { } ready)
        {
            return ready;
        }

        await token.Gate.WaitAsync(cancellationToken);
        try
        {
            if (Usable() is { } fetched)
            {
                return fetched;
            }

            var credential = await credentials.FindAsync(registry, repository, cancellationToken);
            (token.Header, token.Expires) = await tokens.FetchAsync(asked, scopes, credential, cancellationToken);
            return token.Header;
        }
        finally
        {
            token.Gate.Release();
        }

        AuthenticationHeaderValue? Usable() =>
            token.At(time.GetUtcNow()) is { } header && !ReferenceEquals(header, rejected) ? header : null;
    }
}
