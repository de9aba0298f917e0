using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>The registry's login. https://distribution.github.io/distribution/spec/auth/token/</summary>
internal sealed class Login(FaultyRegistry registry)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new();
    private int _number;

    private RegistryBehaviour Behaviour => registry.Behaviour;

    public async Task<bool> TryTokenAsync(HttpContext context)
    {
        if (context.Request.Path != "/token")
        {
            return false;
        }

        if (!await MayLogInAsync(context.Request))
        {
            await Answers.ErrorAsync(context, 401, "UNAUTHORIZED", "authentication required");
            return true;
        }

        var token = $"token{Interlocked.Increment(ref _number)}.for-tests";
        _tokens[token] = TimeProvider.System.GetUtcNow().AddSeconds(Behaviour.TokenSeconds);
        context.Response.ContentType = "application/json";
        await Answers.BytesAsync(context, Encoding.UTF8.GetBytes($$"""{"token":"{{token}}","expires_in":{{Behaviour.TokenSeconds}}}"""));
        return true;
    }

    public async Task<bool> TryRefuseAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (Behaviour.Login == "none"
            || (Behaviour.Login == "basic" && IsBasic(authorization))
            || (Behaviour.Login == "bearer" && authorization.StartsWith("Bearer ", StringComparison.Ordinal)
                && _tokens.GetValueOrDefault(authorization[7..]) > TimeProvider.System.GetUtcNow()))
        {
            return false;
        }

        context.Response.Headers.WWWAuthenticate = Behaviour.Login == "basic"
            ? "Basic realm=\"tests\""
            : $"Bearer realm=\"{Behaviour.Realm ?? new Uri(registry.Uri, "/token").ToString()}\",service=\"tests\",scope=\"repository:some:pull\"";
        await Answers.ErrorAsync(context, 401, "UNAUTHORIZED", "authentication required");
        return true;
    }

    public bool IsBasic(string authorization) => authorization ==
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Behaviour.Username}:{Behaviour.Password}"));

    private async Task<bool> MayLogInAsync(HttpRequest request)
    {
        if (request.Method == "POST")
        {
            var form = await request.ReadFormAsync();
            return Behaviour.IdentityToken is { } identity && form["refresh_token"] == identity && form["grant_type"] == "refresh_token";
        }

        return Behaviour.Username is null || IsBasic(request.Headers.Authorization.ToString());
    }
}
