using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Invocations;

/// <summary>The middleware that one app puts around its functions; the first is the outermost.</summary>
internal sealed class AppMiddleware(IServiceCollection services) : IFunctionsWorkerApplicationBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _around = [];

    public IServiceCollection Services => services;

    public bool IsEmpty => _around.Count == 0;

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _around.Add(middleware);
        return this;
    }

    public FunctionExecutionDelegate Build()
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

/// <summary>The way to each app's functions through its middleware.</summary>
internal sealed class AppPipelines(IReadOnlyDictionary<string, AppMiddleware> apps)
{
    private readonly Dictionary<string, FunctionExecutionDelegate> _apps = apps.ToDictionary(app => app.Key, app => app.Value.Build());

    public FunctionExecutionDelegate Of(string app) => _apps[app];
}
