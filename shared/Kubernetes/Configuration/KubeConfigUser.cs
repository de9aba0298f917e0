using System.Text.Json.Nodes;

namespace Ebb.Kubernetes.Configuration;

/// <summary>Reads a <c>user</c> of a kubeconfig file.</summary>
internal static class KubeConfigUser
{
    public static CredentialOptions Read(KubeConfigFile file, JsonObject user, string source)
    {
        if (user.ContainsKey("username") || user.ContainsKey("password"))
        {
            throw Problem(source, "has a user name and password, which API servers do not take since 1.19; use a token, a client certificate or a plugin");
        }

        if (user.ContainsKey("auth-provider"))
        {
            throw Problem(source, "has an auth-provider, which was replaced by exec plugins in 1.26; use the plugin of your provider");
        }

        if (user.ContainsKey("as"))
        {
            throw Problem(source, "acts as somebody else (as), which is not supported; give the right to the user itself");
        }

        return new CredentialOptions
        {
            Token = Text(user, "token"),
            TokenFile = FileAt(file, user, "tokenFile"),
            CertificatePem = user.Decoded("client-certificate-data", source),
            KeyPem = user.Decoded("client-key-data", source),
            CertificateFile = user.ContainsKey("client-certificate-data") ? null : FileAt(file, user, "client-certificate"),
            KeyFile = user.ContainsKey("client-key-data") ? null : FileAt(file, user, "client-key"),
            Exec = user.Child("exec") is { } exec ? ReadExec(file, exec, source) : null,
        };
    }

    private static ExecOptions ReadExec(KubeConfigFile file, JsonObject exec, string source)
    {
        var command = Text(exec, "command") ?? throw Problem(source, "has an exec plugin without a command");
        if (Text(exec, "interactiveMode") == "Always")
        {
            throw Problem(source, $"has the exec plugin {command} with interactiveMode Always, and nobody is here to answer it");
        }

        return new ExecOptions
        {
            ApiVersion = Text(exec, "apiVersion") ?? "",
            Command = command.Contains('/', StringComparison.Ordinal) ? file.Locate(command) : command,
            Arguments = [.. exec.Items("args").Select(argument => argument.Text() ?? throw Problem(source, $"has an argument of the exec plugin {command} that is no text"))],
            Environment = exec.Items("env").OfType<JsonObject>().Where(entry => entry.Text("name") is not null)
                .ToDictionary(entry => entry.Text("name")!, entry => entry.Text("value") ?? "", StringComparer.Ordinal),
            ProvideClusterInfo = exec.Flag("provideClusterInfo"),
            InstallHint = Text(exec, "installHint"),
        };
    }

    private static string? FileAt(KubeConfigFile file, JsonObject user, string name) => Text(user, name) is { } path ? file.Locate(path) : null;

    private static string? Text(JsonObject json, string name) => json.Text(name) is { Length: > 0 } text ? text : null;

    private static KubernetesException Problem(string source, string problem) => new($"The user in {source} {problem}.", KubernetesFault.Credential);
}
