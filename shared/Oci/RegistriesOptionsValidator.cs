namespace Ebb.Oci;

/// <summary>Checks the registries' settings; every problem names its key, its value and what would be right.</summary>
public static class RegistriesOptionsValidator
{
    /// <summary>All problems; empty when the settings can be used.</summary>
    public static IReadOnlyList<string> Validate(RegistriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        if (options.MaxConcurrentRequests is < 1 or > 64)
        {
            problems.Add($"MaxConcurrentRequests is {options.MaxConcurrentRequests}; write a number from 1 to 64.");
        }

        if (options.DockerConfigFile is { } config && !File.Exists(config))
        {
            problems.Add($"DockerConfigFile is '{config}', which does not exist; name a docker config.json or leave it out.");
        }

        for (var i = 0; i < options.Registries.Count; i++)
        {
            problems.AddRange(Validate(options.Registries[i], $"Registries:{i}"));
        }

        problems.AddRange(options.Registries
            .GroupBy(r => r.Host, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Key.Length > 0 && group.Count() > 1)
            .Select(group => $"Registries names '{group.Key}' {group.Count()} times; keep one entry for each host."));
        return problems;
    }

    // The path behind the host, empty without one; null for what is neither.
    private static string? PathOf(string host)
    {
        if (!ImageReference.TryParse($"{host}/x", out var parsed, out _))
        {
            return null;
        }

        var path = host[Math.Min(host.Length, parsed.Registry.Length)..];
        return host.StartsWith(parsed.Registry, StringComparison.Ordinal) && (path.Length == 0 || $"{path}/x" == $"/{parsed.Repository}") ? path : null;
    }

    private static IEnumerable<string> Validate(RegistryOptions registry, string key)
    {
        var path = PathOf(registry.Host);
        if (path is null)
        {
            yield return $"{key}:Host is '{registry.Host}'; write a host with :port where needed, such as harbor.example.com or 127.0.0.1:5000, and a path for a login of its own, such as harbor.example.com/team-a.";
        }

        if (path is { Length: > 0 } && (registry.PlainHttp is not null || registry.CaFile is not null))
        {
            yield return $"{key} is for '{registry.Host}' and has PlainHttp or CaFile; how a registry is reached belongs into an entry for its host alone.";
        }

        if (path is { Length: > 0 } && registry.Username is null)
        {
            yield return $"{key} is for '{registry.Host}' but has no Username; an entry with a path is a login for the repositories below it.";
        }

        if (registry is { Password: not null, PasswordFile: not null })
        {
            yield return $"{key} has both Password and PasswordFile; keep PasswordFile.";
        }

        if (registry.Username is null && (registry.Password is not null || registry.PasswordFile is not null))
        {
            yield return $"{key} has a password but no Username.";
        }

        if (registry is { Username: not null, Password: null, PasswordFile: null })
        {
            yield return $"{key} has the Username '{registry.Username}' but neither PasswordFile nor Password.";
        }

        if (registry.PasswordFile is { } file && !File.Exists(file))
        {
            yield return $"{key}:PasswordFile is '{file}', which does not exist; mount the secret there.";
        }

        if (registry.CaFile is { } ca && !File.Exists(ca))
        {
            yield return $"{key}:CaFile is '{ca}', which does not exist; name a PEM file with the CA certificates.";
        }

        if (registry is { PlainHttp: true, CaFile: not null })
        {
            yield return $"{key} has PlainHttp and a CaFile; plain HTTP uses no certificate.";
        }
    }
}
