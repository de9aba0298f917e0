using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ebb.Http;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Auth;

/// <summary>Fetches bearer tokens (distribution, Token Authentication Specification; OAuth2 for refresh tokens).</summary>
internal sealed class TokenClient(string registry, Uri registryUri, HttpClient http, TimeProvider time)
{
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(1);

    public async Task<(AuthenticationHeaderValue Header, DateTimeOffset Expires)> FetchAsync(
        Challenge challenge, IReadOnlyList<string> scopes, Credential? credential, CancellationToken cancellationToken)
    {
        var realm = CheckRealm(challenge.Realm);
        var asked = time.GetUtcNow();
        using var request = credential?.IdentityToken is { } refresh
            ? CreateRefresh(realm, challenge, scopes, refresh)
            : CreateGet(realm, challenge, scopes, credential);
        new CallOptions { MaxBodyBytes = MaxBytes, Repeatable = true, Unlimited = true }.ApplyTo(request);
        using var response = await SendAsync(request, realm, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await RegistryErrors.FromTokenServerAsync(registry, realm, response, credential is not null, time, cancellationToken);
        }

        var (token, lifetime) = Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken), realm);
        return (new AuthenticationHeaderValue("Bearer", token), asked + lifetime - Margin(lifetime));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Uri realm, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw RegistryErrors.FromTransport(e, $"The token server {realm.Authority} of {registry}", realm);
        }
        catch (BodyTooLongException e)
        {
            throw new RegistryException($"The token server {realm.Authority} of {registry}: {e.Message}", RegistryFault.Protocol, e);
        }
    }

    private Uri CheckRealm(string? text)
    {
        var problem = Uri.TryCreate(text, UriKind.Absolute, out var realm) ? RealmPolicy.FindProblem(registryUri, realm) : "it is no web address";
        return problem is null
            ? realm!
            : throw new RegistryException(
                $"{registry} names the token server '{(realm is null ? "" : Redaction.Url(realm))}', which is refused: {problem}.", RegistryFault.Protocol)
            {
                Remedy = "Correct the registry's token realm; no credential was sent.",
            };
    }

    private static HttpRequestMessage CreateGet(Uri realm, Challenge challenge, IReadOnlyList<string> scopes, Credential? credential)
    {
        var query = string.Join('&', Parameters(challenge, scopes).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
        var address = new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{query}" : query };
        var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        request.Headers.Authorization = credential?.ToBasic();
        return request;
    }

    private static HttpRequestMessage CreateRefresh(Uri realm, Challenge challenge, IReadOnlyList<string> scopes, string refreshToken) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"),
            new("client_id", "ebb"),
            new("refresh_token", refreshToken),
            .. Parameters(challenge, [string.Join(' ', scopes)]),
        ]),
    };

    private static IEnumerable<KeyValuePair<string, string>> Parameters(Challenge challenge, IReadOnlyList<string> scopes)
    {
        if (challenge.Service is { } service)
        {
            yield return new("service", service);
        }

        foreach (var scope in scopes.Where(s => s.Length > 0))
        {
            yield return new("scope", scope);
        }
    }

    private (string Token, TimeSpan Lifetime) Parse(byte[] body, Uri realm)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var token = Text(document.RootElement, "token") ?? Text(document.RootElement, "access_token");
            if (token is null || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new JsonException("it has no usable token");
            }

            var lifetime = document.RootElement.TryGetProperty("expires_in", out var e) && e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var seconds) && seconds > 0
                ? TimeSpan.FromSeconds(seconds)
                : DefaultLifetime;
            return (token, lifetime < MaxLifetime ? lifetime : MaxLifetime);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RegistryException($"The token server {realm.Authority} of {registry} gave an answer that is no token.", RegistryFault.Protocol, e);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static TimeSpan Margin(TimeSpan lifetime) =>
        lifetime / 5 < TimeSpan.FromSeconds(20) ? lifetime / 5 : TimeSpan.FromSeconds(20);
}
