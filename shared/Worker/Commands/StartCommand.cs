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

            await Task.WhenAny(signals.WaitForFirstAsync(), host.Recycled, host.Halted);
            if (!host.Halted.IsCompleted)
            {
                var stopped = host.DisposeAsync().AsTask();
                if (await Task.WhenAny(stopped, signals.Second, host.Halted) == stopped)
                {
                    await stopped;
                    return host.Recycled.IsCompleted ? ExitCode.Failed : ExitCode.Succeeded;
                }
            }

            // Everything that was promised is durable; leases lapse by themselves.
            host.Abort();
            return ExitCode.Failed;
        });
}
