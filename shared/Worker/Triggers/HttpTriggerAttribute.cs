namespace Ebb.Worker;

/// <summary>
/// Starts a function with an HTTP request. The parameter is an <c>HttpRequest</c>, the return value an <c>IResult</c>.
/// The URL is <c>/{routePrefix}/{Route or function name}</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : Attribute
{
    /// <summary>Any method, with a function key.</summary>
    public HttpTriggerAttribute()
        : this(AuthorizationLevel.Function, [])
    {
    }

    /// <summary>These methods, with a function key.</summary>
    public HttpTriggerAttribute(params string[] methods)
        : this(AuthorizationLevel.Function, methods)
    {
    }

    /// <summary>Any method, with the given authorization.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel)
        : this(authLevel, [])
    {
    }

    /// <summary>These methods, with the given authorization.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>What a caller must show.</summary>
    public AuthorizationLevel AuthLevel { get; }

    /// <summary>The HTTP methods; none means all.</summary>
    public string[] Methods { get; }

    /// <summary>The route template, without the prefix. Default: the function's name.</summary>
    public string? Route { get; set; }

    /// <summary>
    /// Lets keys in that are limited to some names, for the function checks <see cref="FunctionContext.Scope"/>. Default false: such keys
    /// get 401.
    /// </summary>
    public bool Scoped { get; set; }
}

/// <summary>What a caller must show. The numbers are those of Azure Functions.</summary>
public enum AuthorizationLevel
{
    /// <summary>Nothing.</summary>
    Anonymous = 0,

    /// <summary>Not supported: reported at compile time.</summary>
    User = 1,

    /// <summary>A key of the function, a host key or the master key.</summary>
    Function = 2,

    /// <summary>A system key or the master key.</summary>
    System = 3,

    /// <summary>The master key.</summary>
    Admin = 4,
}
