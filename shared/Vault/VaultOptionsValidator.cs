namespace Ebb.Vault;

/// <summary>Finds every mistake in <see cref="VaultOptions"/> at once.</summary>
public static class VaultOptionsValidator
{
    /// <summary>One sentence for each problem: the key, its value and what would be right. Empty when there is none. Never holds a secret.</summary>
    public static IEnumerable<string> Validate(VaultOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Address(options)
            .Concat(Login(options))
            .Concat(Mount("Vault:TransitMount", options.TransitMount))
            .Concat(FileAt("Vault:CaFile", options.CaFile));
    }

    /// <summary>The same for what needs no login, such as <see cref="VaultSeal"/>.</summary>
    public static IEnumerable<string> ValidateServer(VaultOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Address(options).Concat(FileAt("Vault:CaFile", options.CaFile));
    }

    private static IEnumerable<string> Address(VaultOptions options)
    {
        if (options.Address.Length == 0)
        {
            yield return "Vault:Address is not set. Set it (or VAULT_ADDR) to the server's URL, such as https://vault.example.com:8200.";
        }
        else if (!Uri.TryCreate(options.Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            yield return "Vault:Address is no URL such as https://vault.example.com:8200 (https or http, no user, query or fragment).";
        }
        else if (uri.Scheme == "http" && !uri.IsLoopback && !options.PlainHttp)
        {
            yield return $"Vault:Address '{options.Address}' would send the token unencrypted. Use https, or set Vault:PlainHttp to true.";
        }
    }

    private static List<string> Login(VaultOptions options)
    {
        var ways = new[]
        {
            ("Vault:Token", options.Token is not null), ("Vault:TokenFile", options.TokenFile is not null), ("Vault:Kubernetes", options.Kubernetes is not null),
            ("Vault:Jwt", options.Jwt is not null), ("Vault:AppRole", options.AppRole is not null),
        };
        var chosen = ways.Where(way => way.Item2).Select(way => way.Item1).ToList();
        var problems = new List<string>();
        if (chosen.Count == 0)
        {
            problems.Add("Vault has no login. Set one of Vault:TokenFile, Vault:Kubernetes:Role, Vault:Jwt:Role, or Vault:AppRole:RoleIdFile and Vault:AppRole:SecretIdFile.");
        }
        else if (chosen.Count > 1)
        {
            problems.Add($"{string.Join(" and ", chosen)} are set. Keep one login.");
        }

        problems.AddRange(FileAt("Vault:TokenFile", options.TokenFile));
        if (options.Kubernetes is { } kubernetes)
        {
            problems.AddRange(Required("Vault:Kubernetes:Role", kubernetes.Role, "the role that the service account is bound to"));
            problems.AddRange(Mount("Vault:Kubernetes:Mount", kubernetes.Mount));
            problems.AddRange(FileAt("Vault:Kubernetes:JwtFile", kubernetes.JwtFile));
        }

        if (options.Jwt is { } jwt)
        {
            problems.AddRange(Required("Vault:Jwt:Role", jwt.Role, "the role that the token is bound to"));
            problems.AddRange(Required("Vault:Jwt:JwtFile", jwt.JwtFile, "a file with the token"));
            problems.AddRange(Mount("Vault:Jwt:Mount", jwt.Mount));
            problems.AddRange(FileAt("Vault:Jwt:JwtFile", jwt.JwtFile));
        }

        if (options.AppRole is { } appRole)
        {
            problems.AddRange(Required("Vault:AppRole:RoleIdFile", appRole.RoleIdFile, "a file with the role id"));
            problems.AddRange(Required("Vault:AppRole:SecretIdFile", appRole.SecretIdFile, "a file with the secret id"));
            problems.AddRange(Mount("Vault:AppRole:Mount", appRole.Mount));
            problems.AddRange(FileAt("Vault:AppRole:RoleIdFile", appRole.RoleIdFile));
            problems.AddRange(FileAt("Vault:AppRole:SecretIdFile", appRole.SecretIdFile));
        }

        return problems;
    }

    private static IEnumerable<string> Required(string key, string value, string what)
    {
        if (value.Length == 0)
        {
            yield return $"{key} is not set. Set it to {what}.";
        }
    }

    private static IEnumerable<string> Mount(string key, string value)
    {
        if (!VaultPath.IsValid(value))
        {
            yield return $"{key} '{value}' is no mount path such as transit or team/transit.";
        }
    }

    private static IEnumerable<string> FileAt(string key, string? path)
    {
        if (!string.IsNullOrEmpty(path) && !File.Exists(path))
        {
            yield return $"{key} '{path}' does not exist.";
        }
    }
}
