using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ebb.Worker.Builder;

/// <summary>The host of a <c>Program.cs</c>: starting it runs the command line to its end.</summary>
internal sealed class ProgramHost(IHost inner, string[] args, IFunctionApp app) : IHost
{
    public IServiceProvider Services => inner.Services;

    // Whoever runs the host waits for its stop next, and finds it stopped.
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        Environment.ExitCode = await FunctionHost.RunAsync(args, app);
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public void Dispose() => inner.Dispose();
}
