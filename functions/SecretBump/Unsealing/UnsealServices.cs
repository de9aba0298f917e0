using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.SecretBump.Unsealing;

/// <summary>What the app adds for unsealing.</summary>
internal static class UnsealServices
{
    /// <summary>The setting that the timer needs, with its default.</summary>
    public static KeyValuePair<string, string?> DefaultSchedule { get; } = new("UnsealVault:Schedule", UnsealOptions.DefaultSchedule);

    public static bool IsConfigured(IConfiguration configuration) => UnsealOptions.From(configuration, []).IsConfigured;

    public static void AddUnsealing(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(UnsealOptions.From(configuration, []));
        services.AddSingleton<VaultUnsealer>();
        services.AddTransient<UnsealVault>();
    }

    public static IReadOnlyList<string> Validate(IConfiguration configuration)
    {
        var problems = new List<string>();
        UnsealOptions.From(configuration, problems);
        return problems;
    }

    /// <summary>The Secret with the key shares, where unsealing is configured.</summary>
    public static IReadOnlyList<SecretNeed> Secrets(IConfiguration configuration) => UnsealOptions.From(configuration, []) is { IsConfigured: true } options
        ? [new SecretNeed { Secret = "ebb-unseal", Directory = options.SharesDirectory }]
        : [];
}
