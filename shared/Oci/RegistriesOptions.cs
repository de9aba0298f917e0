namespace Ebb.Oci;

/// <summary>How registries are reached: the section <c>Registries</c>.</summary>
public sealed record RegistriesOptions
{
    /// <summary>Registries with settings of their own.</summary>
    public IReadOnlyList<RegistryOptions> Registries { get; init; } = [];

    /// <summary>A docker <c>config.json</c>; default <c>$DOCKER_CONFIG/config.json</c>, else <c>~/.docker/config.json</c>.</summary>
    public string? DockerConfigFile { get; init; }

    /// <summary>Requests to one registry at once. Default 8, 1 to 64.</summary>
    public int MaxConcurrentRequests { get; init; } = 8;
}

/// <summary>How one registry is reached: <c>Registries:&lt;n&gt;</c>.</summary>
public sealed record RegistryOptions
{
    /// <summary>Host and port, as named in references.</summary>
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
}
