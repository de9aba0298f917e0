using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Decides whether a request shows the key it needs.</summary>
internal sealed class KeyGate(FunctionKeys keys)
{
    private const string Header = "x-functions-key";
    private const string Query = "code";

    /// <summary>What an HTTP function of this level asks for.</summary>
    public bool Admits(HttpRequest request, AuthorizationLevel level, string function, out string? caller)
    {
        caller = null;
        return level switch
        {
            AuthorizationLevel.Anonymous => true,
            AuthorizationLevel.Function => Shows(request, key => OpensFunction(key, function), out caller),
            AuthorizationLevel.System => Shows(request, key => key.Scope is KeyScope.System or KeyScope.Master, out caller),
            _ => AdmitsMaster(request, out caller),
        };
    }

    /// <summary>What the runs ask for: a host key or the master key.</summary>
    public bool AdmitsHost(HttpRequest request, out string? caller) =>
        Shows(request, key => key.Scope is KeyScope.Host or KeyScope.Master, out caller);

    /// <summary>What the admin endpoints ask for.</summary>
    public bool AdmitsMaster(HttpRequest request, out string? caller) =>
        Shows(request, key => key.Scope is KeyScope.Master, out caller);

    private static bool OpensFunction(FunctionKey key, string function) =>
        key.Scope is KeyScope.Host or KeyScope.Master
        || (key.Scope is KeyScope.Function && string.Equals(key.Function, function, StringComparison.OrdinalIgnoreCase));

    private bool Shows(HttpRequest request, Func<FunctionKey, bool> opens, out string? caller)
    {
        var shown = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query[Query].ToString();
        caller = shown.Length == 0 ? null : keys.Find(shown, opens)?.Name;
        return caller is not null;
    }
}
