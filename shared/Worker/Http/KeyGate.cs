using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Decides whether a request shows the key it needs.</summary>
internal sealed class KeyGate(FunctionKeys keys)
{
    private const string Header = "x-functions-key";
    private const string Query = "code";

    /// <summary>What an HTTP function of this level asks for.</summary>
    public bool Admits(HttpRequest request, HttpTriggerDefinition trigger, string function, out Caller? caller)
    {
        caller = null;
        return trigger.AuthLevel switch
        {
            AuthorizationLevel.Anonymous => true,
            AuthorizationLevel.Function => Shows(request, key => OpensFunction(key, function) && (trigger.Scoped || !key.Scope.IsLimited), out caller),
            AuthorizationLevel.System => Shows(request, key => key.Opens is KeyScope.System or KeyScope.Master && !key.Scope.IsLimited, out caller),
            _ => AdmitsMaster(request, out caller),
        };
    }

    /// <summary>What the list of runs asks for: a host key without limits, or the master key.</summary>
    public bool AdmitsHost(HttpRequest request) =>
        Shows(request, key => key.Opens is KeyScope.Host or KeyScope.Master && !key.Scope.IsLimited, out _);

    /// <summary>What one run asks for: the same, or a limited host key, which sees the runs that it asked for.</summary>
    public bool AdmitsHost(HttpRequest request, out Caller? caller) =>
        Shows(request, key => key.Opens is KeyScope.Host or KeyScope.Master, out caller);

    /// <summary>What the admin endpoints ask for.</summary>
    public bool AdmitsMaster(HttpRequest request, out Caller? caller) =>
        Shows(request, key => key.Opens is KeyScope.Master, out caller);

    private static bool OpensFunction(FunctionKey key, string function) =>
        key.Opens is KeyScope.Host or KeyScope.Master
        || (key.Opens is KeyScope.Function && string.Equals(key.Function, function, StringComparison.OrdinalIgnoreCase));

    private bool Shows(HttpRequest request, Func<FunctionKey, bool> opens, out Caller? caller)
    {
        var shown = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query[Query].ToString();
        caller = shown.Length > 0 && keys.Find(shown, opens) is { } key ? new Caller(key.Name, key.Scope) : null;
        return caller is not null;
    }
}
