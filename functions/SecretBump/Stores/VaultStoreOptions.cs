using System.Diagnostics.CodeAnalysis;
using Ebb.Settings;
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
        var read = new SettingsReader(configuration, problems, "SecretBump");
        return new VaultStoreOptions
        {
            Mount = read.Text("Mount", "the path of a KV v2 engine such as team/kv; kvv2 where nothing is said", mount => mount.Split('/').All(SecretPlace.IsName)) ?? "kvv2",
            Layout = read.Parsed(
                "Path", $"a path with {{application}} and after it {{environment}}, such as {SecretLayout.Default}",
                (string text, [MaybeNullWhen(false)] out SecretLayout layout) => SecretLayout.TryParse(text, out layout), SecretLayout.Standard, SecretLayout.Default),
        };
    }
}
