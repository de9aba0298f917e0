using Ebb.Settings;

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

    internal static RegistryOptions From(SettingsReader read) => new()
    {
        Host = read.Text("Host", "", "a host with :port where needed, and a path for a login of its own"),
        Username = read.Text("Username", "the user"),
        Password = read.Secret("Password", "the password; PasswordFile is better"),
        PasswordFile = read.Text("PasswordFile", "the path of a file with the password"),
        PlainHttp = read.Parsed<bool?>("PlainHttp", "true or false; true to this machine where nothing is said", TryFlag, null),
        CaFile = read.Text("CaFile", "the path of a PEM file with the CA of its certificate"),
    };

    private static bool TryFlag(string text, out bool? flag)
    {
        flag = bool.TryParse(text, out var value) ? value : null;
        return flag is not null;
    }
}
