using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker;

/// <summary>One function app: its functions, what they need and what they add to the command line.</summary>
public interface IFunctionApp
{
    /// <summary>The app's name, such as <c>ImageMirror</c>.</summary>
    string Name { get; }

    /// <summary>The functions: the generated <c>FunctionIndex.Functions</c>.</summary>
    IReadOnlyList<IndexedFunction> Functions { get; }

    /// <summary>JSON metadata of every message and result type, generated at compile time.</summary>
    IJsonTypeInfoResolver Json { get; }

    /// <summary>Settings that hold where nothing else is configured, such as a schedule.</summary>
    IReadOnlyDictionary<string, string?> DefaultSettings { get; }

    /// <summary>
    /// What the app needs around it in a cluster with this configuration: secrets, connections, rights. Default: host storage only.
    /// Not asked for while all its functions are off.
    /// </summary>
    AppNeeds Needs(IConfiguration configuration) => AppNeeds.Nothing;

    /// <summary>
    /// What is off with this configuration, because nothing is configured that it could work on. Functions whose trigger or output is RabbitMQ's are
    /// off without a broker, and those with <c>AzureWebJobs:&lt;function&gt;:Disabled</c>; that needs no word here. Default: nothing.
    /// </summary>
    IEnumerable<TurnedOff> Off(IConfiguration configuration) => [];

    /// <summary>
    /// Adds what the functions' constructors ask for; what only functions ask for that are off may be left out. Nothing here may touch the network or a
    /// large file.
    /// </summary>
    void ConfigureServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>
    /// Puts middleware around this app's functions, as Azure Functions has it: <c>worker.UseMiddleware&lt;T&gt;()</c>, the first outermost.
    /// Default: none.
    /// </summary>
    void ConfigureMiddleware(MiddlewareBuilder worker)
    {
    }

    /// <summary>Every problem of the app's configuration, each naming the key, the value and what would be right.</summary>
    IEnumerable<string> Validate(IConfiguration configuration);

    /// <summary>Commands the app adds to the executable.</summary>
    IEnumerable<Command> Commands(IConfiguration configuration);
}
