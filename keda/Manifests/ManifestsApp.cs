using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Manifests;

/// <summary>Adds the command <c>manifests</c> for the given apps. It has no functions.</summary>
public sealed class ManifestsApp(IReadOnlyList<IFunctionApp> apps) : IFunctionApp
{
    public string Name => "Manifests";

    public IReadOnlyList<IndexedFunction> Functions => [];

    public IJsonTypeInfoResolver Json { get; } = JsonTypeInfoResolver.Combine();

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>();

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
    }

    public IEnumerable<string> Validate(IConfiguration configuration) => [];

    public IEnumerable<Command> Commands(IConfiguration configuration) => [new ManifestsCommand(apps, FromCommandLine(configuration))];

    // What this machine's environment says has no place in files that are committed.
    private static Dictionary<string, string?> FromCommandLine(IConfiguration configuration)
    {
        var given = configuration is IConfigurationRoot root ? root.Providers.OfType<CommandLineConfigurationProvider>() : [];
        using var only = new ConfigurationRoot([.. given]);
        return only.AsEnumerable().Where(setting => setting.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
