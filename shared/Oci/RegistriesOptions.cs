using Ebb.Http;
using Ebb.Oci.Auth;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Oci;

/// <summary>How registries are reached: the section <c>Registries</c>.</summary>
public sealed record RegistriesOptions
{
    /// <summary>Registries with settings of their own.</summary>
    public IReadOnlyList<RegistryOptions> Registries { get; init; } = [];

    /// <summary>A docker <c>config.json</c>; default <c>$DOCKER_CONFIG/config.json</c>, else <c>~/.docker/config.json</c>.</summary>
    public string? DockerConfigFile { get; init; }

    /// <summary>Shows no registry a credential, whatever is configured. Default false.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Requests to one registry at once. Default 8, 1 to 64.</summary>
    public int MaxConcurrentRequests { get; init; } = 8;

    /// <summary>Retries and time-outs of single requests.</summary>
    public ResilienceOptions Resilience { get; init; } = new();

    /// <summary>How long a transfer may stand still before the link counts as dropped. Default 60 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Reads <c>Registries:&lt;n&gt;:{Host,Username,Password,PasswordFile,PlainHttp,CaFile}</c>, <c>DockerConfigFile</c> and
    /// <c>MaxConcurrentRequests</c>.
    /// </summary>
    /// <exception cref="OciFormatException">Settings are wrong; the message lists every one.</exception>
    public static RegistriesOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        var read = new SettingsReader(configuration, problems);
        var options = new RegistriesOptions
        {
            Registries = read.Sections("Registries", RegistryOptions.From),
            DockerConfigFile = read.Text("DockerConfigFile", "the path of a docker config.json"),
            MaxConcurrentRequests = read.Number("MaxConcurrentRequests", 8, 1, 64),
        };
        problems.AddRange(RegistriesOptionsValidator.Validate(options));
        return problems.Count == 0 ? options : throw new OciFormatException(string.Join('\n', problems));
    }

    internal RegistryOptions? Find(string registry) =>
        Registries.FirstOrDefault(r => r.Host.Equals(registry, StringComparison.OrdinalIgnoreCase));

    /// <summary>The settings with a user whose host and path are the longest prefix of a repository's.</summary>
    internal RegistryOptions? FindLogin(string registry, string? repository) => RepositoryPrefixes.Of(registry, repository)
        .Select(prefix => Registries.FirstOrDefault(r => r.Username is not null && r.Host.Equals(prefix, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(found => found is not null);
}
