using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.PrPreview.Keeping;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.PrPreview.Tests.Servers;

/// <summary>The app as it is, but for the time between two looks, and that for telling if it is given.</summary>
internal sealed class QuickPreviewApp(TimeSpan? telling = null) : IFunctionApp
{
    private readonly PrPreviewApp _app = new();

    public string Name => _app.Name;

    public IReadOnlyList<IndexedFunction> Functions => _app.Functions;

    public IJsonTypeInfoResolver Json => _app.Json;

    public IReadOnlyDictionary<string, string?> DefaultSettings => _app.DefaultSettings;

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new Pace(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200)) { Telling = telling ?? Pace.Default.Telling });
        _app.ConfigureServices(services, configuration);
    }

    public IEnumerable<string> Validate(IConfiguration configuration) => _app.Validate(configuration);

    public IEnumerable<Command> Commands(IConfiguration configuration) => _app.Commands(configuration);
}
