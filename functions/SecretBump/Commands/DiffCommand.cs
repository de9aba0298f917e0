using System.CommandLine;
using Ebb.SecretBump.Stores;
using Ebb.Vault.KeyValue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ebb.SecretBump.Commands;

/// <summary><c>secrets diff</c>: which keys two environments, or two versions of one, differ in. Never shows a value.</summary>
internal static class DiffCommand
{
    public static Command Create(IConfiguration configuration)
    {
        var application = new Argument<string>("application") { Description = "The application." };
        var one = new Argument<string>("one") { Description = "An environment, or one of its versions: dev, dev@3." };
        var other = new Argument<string>("other") { Description = "What to compare it with." };
        var command = new Command("diff", "Compare keys, by the login of the section Vault or SecretBump:KeyVault. Values are never shown.") { application, one, other };
        command.SetAction((parsed, token) => RunAsync(
            configuration, parsed.GetValue(application)!, [parsed.GetValue(one)!, parsed.GetValue(other)!], parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, token));
        return command;
    }

    private static async Task<int> RunAsync(
        IConfiguration configuration, string application, string[] sides, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var problems = StoreServices.IsConfigured(configuration) ? StoreServices.Validate(configuration).ToList() : [$"There is no store of secrets: {StoreServices.NotConfigured}."];
        if (problems.Count > 0)
        {
            await error.WriteLineAsync(string.Join('\n', problems));
            return 2;
        }

        var services = new ServiceCollection().AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddStore(configuration);
        await using var provider = services.BuildServiceProvider();
        try
        {
            var store = provider.GetRequiredService<ISecretStore>();
            var (one, other) = (await ReadAsync(store, application, sides[0], cancellationToken), await ReadAsync(store, application, sides[1], cancellationToken));
            return await WriteAsync(one, other, sides, output);
        }
        catch (Exception e) when (e is SecretStoreException or FormatException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<KeyValueData> ReadAsync(ISecretStore store, string application, string side, CancellationToken cancellationToken)
    {
        var parts = side.Split('@', 2);
        var place = SecretPlace.Parse(application, parts[0]);
        var secret = parts.Length == 1 ? await store.ReadAsync(place, cancellationToken) : await store.ReadAsync(place, parts[1], cancellationToken);
        return secret?.Values ?? throw new FormatException($"{application}/{side}: there is no such secret, or its version is deleted.");
    }

    private static async Task<int> WriteAsync(KeyValueData one, KeyValueData other, string[] sides, TextWriter output)
    {
        foreach (var key in one.Keys.Union(other.Keys).Order(StringComparer.Ordinal))
        {
            var state = !one.Keys.Contains(key) ? $"only in {sides[1]}"
                : !other.Keys.Contains(key) ? $"only in {sides[0]}"
                : one.Raw(key).Span.SequenceEqual(other.Raw(key).Span) ? "same" : "differs";
            await output.WriteLineAsync($"{key}\t{state}");
        }

        return 0;
    }
}
