using Ebb.Scaler.Configuration;
using Ebb.Scaler.Reading;
using Ebb.Scaler.Scaling;
using Microsoft.Extensions.Configuration;

namespace Ebb.Scaler.Hosting;

/// <summary>The process: settings from the environment and the command line, a scaler until a signal.</summary>
internal static class ScalerProcess
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int WrongConfiguration = 2;

    /// <returns>The exit code: 0 stopped by a signal, 1 failed, 2 wrong configuration.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter errors)
    {
        var problems = new List<string>();
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var options = ScalerOptions.Read(configuration, problems);
        var levels = ScalerLogging.ReadLevels(configuration, problems);
        if (problems.Count > 0)
        {
            await errors.WriteLineAsync(
                $"The scaler does not start: {problems.Count} problem(s).{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(problem => $"  - {problem}"))}");
            return WrongConfiguration;
        }

        using var signals = new StopSignals();
        using var loggers = ScalerLogging.Create(levels);
        await using var connection = new StorageConnection(options.Storage, TimeProvider.System, loggers);
        connection.Start();
        try
        {
            await using var host = await ScalerHost.StartAsync(
                options, connection, new ScalerTimings(), TimeProvider.System, loggers, signals.Token);
            await signals.WaitAsync();
            return Succeeded;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return Succeeded;
        }
        catch (IOException error)
        {
            await errors.WriteLineAsync(
                $"The scaler cannot listen on {options.Grpc} and {options.Metrics}: {error.Message} Stop what listens there, or give other addresses in Scaler:GrpcUrl and Scaler:MetricsUrl.");
            return Failed;
        }
    }
}
