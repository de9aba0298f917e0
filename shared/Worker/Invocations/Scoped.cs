using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Invocations;

/// <summary>Gives the call a scope of services, unless it came with one (an HTTP request's).</summary>
internal static class Scoped
{
    public static InvocationMiddleware Using(IServiceProvider services) => next => async invocation =>
    {
        if (invocation.Services is not null)
        {
            return await next(invocation);
        }

        await using var scope = services.CreateAsyncScope();
        invocation.Services = scope.ServiceProvider;
        return await next(invocation);
    };
}
