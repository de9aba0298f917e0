using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Stores;

/// <summary>Where in Vault the secrets are (<c>SecretBump:Mount</c>, <c>SecretBump:Path</c>).</summary>
public sealed record VaultStoreOptions
{
    /// <summary>The engine's mount. Default <c>kvv2</c>.</summary>
    public string Mount { get; init; } = "kvv2";

    /// <summary>The secret's path in it. Default <see cref="SecretLayout.Default"/>.</summary>
    public required SecretLayout Layout { get; init; }

    /// <summary>Reads the settings; every problem is added, and its default taken.</summary>
    public static VaultStoreOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        var mount = Text(configuration["SecretBump:Mount"]) ?? "kvv2";
        if (!mount.Split('/').All(SecretPlace.IsName))
        {
            problems.Add($"SecretBump:Mount is '{mount}'; write the path of a KV v2 engine such as kvv2 or team/kv.");
            mount = "kvv2";
        }

        var path = Text(configuration["SecretBump:Path"]) ?? SecretLayout.Default;
        if (!SecretLayout.TryParse(path, out var layout))
        {
            problems.Add($"SecretBump:Path is '{path}'; write a path with {{application}} and after it {{environment}}, such as {SecretLayout.Default}.");
        }

        return new VaultStoreOptions { Mount = mount, Layout = layout ?? SecretLayout.Standard };
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
