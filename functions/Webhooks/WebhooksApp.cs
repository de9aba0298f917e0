using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts;
using Ebb.Webhooks.Secrets;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Webhooks;

/// <summary>
/// The only door: it verifies, validates and enqueues. It holds function keys and webhook secrets, and no credential of
/// any system behind it.
/// </summary>
public sealed class WebhooksApp : IFunctionApp
{
    public string Name => "Webhooks";

    public IReadOnlyList<FunctionDefinition> Functions => FunctionIndex.Functions;

    public IJsonTypeInfoResolver Json => ContractsJson.Default;

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>();

    public AppNeeds Needs(IConfiguration configuration) => new()
    {
        Secrets = [new SecretNeed { Secret = "ebb-function-keys", Directory = "/run/secrets/functions-keys" }],
    };

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ImportOptions.From(configuration, []));
        services.AddTransient<SecretsImport>();
        services.AddTransient<Apps>();
    }

    public IEnumerable<string> Validate(IConfiguration configuration)
    {
        var problems = new List<string>();
        ImportOptions.From(configuration, problems);
        return problems;
    }

    public IEnumerable<Command> Commands(IConfiguration configuration) => [];
}
