using Ebb.Worker.Hosting;

namespace Ebb.Worker.Commands;

/// <summary><c>start</c>: hosts every function until a signal.</summary>
internal static class StartCommand
{
    public static Task<int> RunAsync(IReadOnlyList<IFunctionApp> apps, IReadOnlyList<string> settings, HostEnvironment environment) =>
        ExitCode.OfAsync(environment, async () =>
        {
            using var signals = new StopSignals();
            var setup = HostSetup.Load(apps, settings, environment);
            RunningHost host;
            try
            {
                host = await RunningHost.StartAsync(setup, signals.First);
            }
            catch (OperationCanceledException) when (signals.First.IsCancellationRequested)
            {
                return ExitCode.Succeeded;
            }

            await Task.WhenAny(signals.WaitForFirstAsync(), host.Recycled);
            var stopped = host.DisposeAsync().AsTask();
            if (await Task.WhenAny(stopped, signals.Second) != stopped)
            {
                // Everything that was promised is durable; leases lapse by themselves.
                return ExitCode.Failed;
            }

            await stopped;
            return host.Recycled.IsCompleted ? ExitCode.Failed : ExitCode.Succeeded;
        });
}
