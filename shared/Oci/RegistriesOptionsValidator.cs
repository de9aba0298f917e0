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

    private static IEnumerable<string> Validate(RegistryOptions registry, string key)
    {
        if (!ImageReference.TryParse($"{registry.Host}/x", out var parsed, out _) || parsed.Registry != registry.Host)
        {
            yield return $"{key}:Host is '{registry.Host}'; write a host with :port where needed, such as harbor.example.com or 127.0.0.1:5000.";
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
