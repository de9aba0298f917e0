using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Http;

/// <summary>Decides whether a request shows the key it needs.</summary>
/// <param name="keys">The keys.</param>
/// <param name="allowInQuery">Whether <c>?code=</c> counts where there is no header.</param>
internal sealed class KeyGate(FunctionKeys keys, bool allowInQuery)
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

    /// <summary>The answer to a request that does not show what it needs.</summary>
    public Task RefuseAsync(HttpContext http, string needed)
    {
        var misplaced = !allowInQuery && !http.Request.Headers.ContainsKey(Header) && http.Request.Query.ContainsKey(Query);
        return Problem.Of(StatusCodes.Status401Unauthorized, misplaced
            ? $"A key in the URL (?{Query}=) is not taken, because URLs end in logs: show {needed} in the header {Header}. FunctionKeys:AllowInQuery=true lets it in."
            : $"Show {needed} in the header {Header}.").WriteAsync(http);
    }

    private static bool OpensFunction(FunctionKey key, string function) =>
        key.Opens is KeyScope.Host or KeyScope.Master
        || (key.Opens is KeyScope.Function && string.Equals(key.Function, function, StringComparison.OrdinalIgnoreCase));

    private bool Shows(HttpRequest request, Func<FunctionKey, bool> opens, out Caller? caller)
    {
        var shown = request.Headers.TryGetValue(Header, out var header) ? header.ToString()
            : allowInQuery ? request.Query[Query].ToString() : string.Empty;
        caller = shown.Length > 0 ? keys.Find(shown, opens) : null;
        return caller is not null;
    }
}
