using Microsoft.Azure.Functions.Worker.Middleware;

namespace Ebb.Worker.Invocations;

/// <summary>The way to each app's functions through its middleware.</summary>
internal sealed class AppPipelines(IReadOnlyDictionary<string, MiddlewareBuilder> apps)
{
    private readonly Dictionary<string, FunctionExecutionDelegate> _apps = apps.ToDictionary(app => app.Key, app => app.Value.Build());

    public FunctionExecutionDelegate Of(string app) => _apps[app];
}
