using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.SampleApp;

/// <summary>A function app with one function of each kind, for tests.</summary>
public sealed class SampleFunctionApp : IFunctionApp
{
    public string Name => "Sample";

    public IReadOnlyList<IndexedFunction> Functions => FunctionIndex.Functions;

    public IJsonTypeInfoResolver Json => SampleJson.Default;

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>
    {
        ["Sample:Schedule"] = "0 0 3 * * *",
        ["Sample:CountedSchedule"] = "0 0 4 * * *",
        ["Sample:Queue"] = "work",
        ["Sample:Greeting"] = "hello",
    };

    public IEnumerable<TurnedOff> Off(IConfiguration configuration) =>
        configuration["Sample:Off"] == "true" ? [new("Sample:Off is true", ["Work", "Tick"], "work")] : [];

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<WorkSteps>().AddSingleton<WorkJournal>();

    public void ConfigureMiddleware(MiddlewareBuilder worker) => worker.UseMiddleware<Stamp>();

    public IEnumerable<string> Validate(IConfiguration configuration)
    {
        if (configuration["Sample:Greeting"] is not { Length: > 0 })
        {
            yield return "Sample:Greeting is empty; it must be a word.";
        }
    }

    public IEnumerable<Command> Commands(IConfiguration configuration)
    {
        var command = new Command("greet", "Prints the greeting.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(configuration["Sample:Greeting"]));
        return [command];
    }
}
