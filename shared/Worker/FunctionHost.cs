using Ebb.Http.Proxies;
using Ebb.Worker.Commands;
using Ebb.Worker.Hosting;

namespace Ebb.Worker;

/// <summary>The process: command line, host and listeners of one or several function apps.</summary>
public static class FunctionHost
{
    /// <summary>
    /// Runs the command line: <c>start</c> (default), <c>run</c>, <c>functions</c>, <c>runs</c>, <c>queue</c> and what
    /// the apps add.
    /// </summary>
    /// <returns>The exit code: 0 succeeded, 1 failed, 2 wrong usage or configuration.</returns>
    public static Task<int> RunAsync(string[] args, params IReadOnlyList<IFunctionApp> apps) =>
        RunAsync(args, apps, new HostEnvironment());

    /// <summary>Runs the command line in an environment of the caller's.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args, IReadOnlyList<IFunctionApp> apps, HostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(args);

        // For the libraries that bring an HTTP client of their own, such as OpenTelemetry's exporter.
        HttpClient.DefaultProxy = ProxyRule.Environment;
        var arguments = Arguments.Split(args);

        // The command tree costs a fifth of the whole start-up; a plain start does not need it.
        return arguments.IsPlainStart
            ? StartCommand.RunAsync(apps, arguments.Settings, environment)
            : CommandTree.RunAsync(apps, arguments, environment);
    }

    /// <summary>Starts a host inside this process and leaves stopping it to the caller.</summary>
    /// <param name="settings">Settings as on the command line: <c>--Key=Value</c>.</param>
    /// <param name="apps">The apps to host.</param>
    /// <param name="environment">Where its files, output and clock are.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="HostStartException">The configuration is wrong.</exception>
    /// <exception cref="Storage.HostStorageException">Storage cannot be opened.</exception>
    public static Task<RunningHost> StartAsync(
        IReadOnlyList<string> settings, IReadOnlyList<IFunctionApp> apps, HostEnvironment environment, CancellationToken cancellationToken) =>
        RunningHost.StartAsync(HostSetup.Load(apps, settings, environment), cancellationToken);
}
