using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker;

/// <summary>The middleware that one app puts around its functions; the first is the outermost.</summary>
/// <param name="services">The services that middleware is made from.</param>
public sealed class MiddlewareBuilder(IServiceCollection services) : IFunctionsWorkerApplicationBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _around = [];

    /// <inheritdoc/>
    public IServiceCollection Services => services;

    internal IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Around => _around;

    /// <inheritdoc/>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _around.Add(middleware);
        return this;
    }

    /// <summary>
    /// Adds a middleware class, of which there is one object. It hides Microsoft's extension of the same name, under which a native binary
    /// loses the constructor of <typeparamref name="T"/>.
    /// </summary>
    public MiddlewareBuilder UseMiddleware<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IFunctionsWorkerMiddleware
    {
        services.AddSingleton<T>();
        _around.Add(static next => context => context.InstanceServices.GetRequiredService<T>().Invoke(context, next));
        return this;
    }

    internal FunctionExecutionDelegate Build()
    {
        FunctionExecutionDelegate call = CallAsync;
        for (var i = _around.Count - 1; i >= 0; i--)
        {
            call = _around[i](call);
        }

        return call;
    }

    private static async Task CallAsync(FunctionContext context)
    {
        var run = FunctionBinding.Run(context);
        run.Result = await run.Function.Invoker(context);
    }
}
