using Microsoft.Extensions.Configuration;

namespace Ebb.Oci;

/// <summary>How one registry is reached: <c>Registries:&lt;n&gt;</c>.</summary>
public sealed record RegistryOptions
{
    /// <summary>
    /// Host and port, as named in references. With a path (<c>harbor.example.com/team-a</c>) the user and password are for the repositories
    /// below it; the longest that fits a repository is taken.
    /// </summary>
    public required string Host { get; init; }

    /// <summary>The user.</summary>
    public string? Username { get; init; }

    /// <summary>The password; prefer <see cref="PasswordFile"/>.</summary>
    public string? Password { get; init; }

    /// <summary>A file with the password, read at each login so that rotation needs no restart.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Speaks plain HTTP. Default: only to loopback hosts.</summary>
    public bool? PlainHttp { get; init; }

    /// <summary>A PEM file with the CA certificates that this registry's certificate must chain to.</summary>
    public string? CaFile { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(RegistryOptions)} {{ Host = {Host}, Username = {Username} }}";

    internal static RegistryOptions From(IConfigurationSection section, List<string> problems)
    {
        var plain = section["PlainHttp"];
        if (plain is not null && !bool.TryParse(plain, out _))
        {
            problems.Add($"{section.Path}:PlainHttp is '{plain}'; write true or false.");
        }

        return new RegistryOptions
        {
            Host = section["Host"] ?? "",
            Username = section["Username"],
            Password = section["Password"],
            PasswordFile = section["PasswordFile"],
            PlainHttp = bool.TryParse(plain, out var value) ? value : null,
            CaFile = section["CaFile"],
        };
    }
}
