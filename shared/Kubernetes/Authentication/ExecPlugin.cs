using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.Kubernetes.Authentication;

/// <summary>
/// Gets credentials from a program and keeps them until they expire (Kubernetes, Authenticating, "client-go credential
/// plugins"). One run however many requests wait for it.
/// </summary>
internal sealed class ExecPlugin(ExecOptions exec, KubernetesOptions options, TimeProvider time) : ITokenSource, IDisposable
{
    // Asked a little ahead, so that a token does not run out on its way.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private ExecResult? _current;

    public X509Certificate2? Certificate => _current?.Certificate;

    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } held)
        {
            return held.Token;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            _current = Fresh() ?? await RunAsync(cancellationToken);
            return _current.Token;
        }
        finally
        {
            _gate.Release();
        }
    }

    // A result that was refused is not used again, even before it says that it expires.
    public async ValueTask<bool> TryReplaceAsync(string? refused, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current?.Token == refused)
            {
                _current = await RunAsync(cancellationToken);
            }

            return _current?.Token != refused;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private ExecResult? Fresh() => _current is { } held && (held.Expires is null || time.GetUtcNow() + Margin < held.Expires) ? held : null;

    private async Task<ExecResult> RunAsync(CancellationToken cancellationToken)
    {
        var output = await ExecProgram.RunAsync(exec, ExecInfo(), options.Source, time, cancellationToken);
        try
        {
            return Read(StrictJson.Parse(output));
        }
        catch (JsonException exception)
        {
            throw Failure("did not print an ExecCredential as JSON", exception);
        }
    }

    private ExecResult Read(JsonObject answer)
    {
        if (answer.Text("kind") != "ExecCredential" || answer.Text("apiVersion") != exec.ApiVersion)
        {
            throw Failure($"printed a '{answer.Text("apiVersion")} {answer.Text("kind")}' and not a '{exec.ApiVersion} ExecCredential'");
        }

        var status = answer.Child("status");
        var (token, certificate, key) = (status.Text("token"), status.Text("clientCertificateData"), status.Text("clientKeyData"));
        if (token is null && certificate is null)
        {
            throw Failure("printed neither a token nor a client certificate");
        }

        return (certificate is null) != (key is null)
            ? throw Failure("printed a client certificate without its key, or a key without its certificate")
            : new ExecResult(token, certificate is null ? null : ClientCertificate.Load(certificate, key!, $"the plugin {exec.Command}"), Expiry(status));
    }

    private DateTimeOffset? Expiry(JsonObject? status) => status.Text("expirationTimestamp") switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw Failure("printed an expirationTimestamp that is no time such as 2026-11-25T12:00:00Z"),
    };

    private string ExecInfo()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (exec.ProvideClusterInfo)
        {
            var cluster = new JsonObject { ["server"] = options.Server };
            var authority = options.CaPem ?? (options.CaFile is { } file ? File.ReadAllText(file) : null);
            if (authority is not null)
            {
                cluster["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority));
            }

            if (options.TlsServerName is { } name)
            {
                cluster["tls-server-name"] = name;
            }

            spec["cluster"] = cluster;
        }

        return new JsonObject { ["apiVersion"] = exec.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }

    private KubernetesException Failure(string problem, Exception? inner = null) =>
        new($"The credential plugin {exec.Command} of {options.Source} {problem}.", KubernetesFault.Credential, inner);

    private sealed record ExecResult(string? Token, X509Certificate2? Certificate, DateTimeOffset? Expires);
}
