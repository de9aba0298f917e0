using Ebb.Settings;
using Ebb.Storage;
using Ebb.Worker.Telemetry;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Configuration;

/// <summary>The settings of the runtime itself that are no part of host.json.</summary>
internal sealed record WorkerOptions
{
    /// <summary><c>Storage</c> and <c>Runs:…</c>.</summary>
    public required HostStorageOptions Storage { get; init; }

    /// <summary><c>FunctionKeys:Directory</c>: where the keys are, a file each.</summary>
    public string KeyDirectory { get; init; } = "/run/secrets/functions-keys";

    /// <summary><c>FunctionKeys:AllowInQuery</c>: whether a key in the URL (<c>?code=</c>) counts too. URLs end in logs; default false.</summary>
    public bool AllowKeysInQuery { get; init; }

    /// <summary><c>Shutdown:Grace</c>: how long running work may go on after SIGTERM.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>Queues:LeaseDuration</c>: how long a message stays taken when its process dies. Renewed at a third of it.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>Http:MaxRequestBodySize</c> in bytes. Default 4 MiB.</summary>
    public long MaxRequestBodySize { get; init; } = EnqueueRequest.MaxBodyBytes;

    /// <summary><c>--urls</c>, <c>ASPNETCORE_URLS</c> or <c>ASPNETCORE_HTTP_PORTS</c>, whichever is there first.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    public static WorkerOptions Read(IConfiguration configuration, List<string> problems)
    {
        var read = new SettingsReader(configuration, problems);
        var defaults = new WorkerOptions { Storage = HostStorageOptions.From(configuration, problems) };
        var urls = ReadUrls(read, defaults.Urls);
        // Logs begin before the options are there, and read it for themselves.
        HostLogging.FormatterOf(configuration, problems);
        return defaults with
        {
            KeyDirectory = read.Text("FunctionKeys:Directory", defaults.KeyDirectory, "a directory"),
            AllowKeysInQuery = read.Flag("FunctionKeys:AllowInQuery", defaults.AllowKeysInQuery),
            Grace = read.Duration("Shutdown:Grace", defaults.Grace, TimeSpan.Zero, TimeSpan.FromDays(1)),
            LeaseDuration = read.Duration("Queues:LeaseDuration", defaults.LeaseDuration, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            MaxRequestBodySize = read.Number("Http:MaxRequestBodySize", EnqueueRequest.MaxBodyBytes, 0, int.MaxValue),
            Urls = urls,
        };
    }

    private static string ReadUrls(SettingsReader read, string fallback)
    {
        const string form = "http://<address>:<port>, several with ; between them (TLS ends at the ingress)";
        var ports = read.Text("ASPNETCORE_HTTP_PORTS", "ports with ; between them");
        var urls = read.Text(new("urls", "ASPNETCORE_URLS"), ports is null ? fallback : string.Join(';', ports.Split(';').Select(port => $"http://*:{port.Trim()}")), form);
        return urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(url => !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) is { } wrong
            ? read.Wrong("urls", wrong, $"{form}, such as {fallback}", fallback)
            : urls;
    }
}
