using Ebb.Storage;
using Microsoft.Extensions.Configuration;

namespace Ebb.Scaler.Configuration;

/// <summary>The settings of the scaler.</summary>
internal sealed record ScalerOptions
{
    /// <summary><c>Storage</c> and <c>Runs:…</c>.</summary>
    public required HostStorageOptions Storage { get; init; }

    /// <summary><c>Scaler:GrpcUrl</c>: where KEDA's calls are answered, HTTP/2 without negotiation or, with a certificate, over TLS.</summary>
    public ListenAddress Grpc { get; init; } = new("*", 9090);

    /// <summary><c>Scaler:MetricsUrl</c>: where <c>/metrics</c> and <c>/healthz</c> are, HTTP/1.1.</summary>
    public ListenAddress Metrics { get; init; } = new("*", 9091);

    /// <summary><c>Scaler:CertificateFile</c>, <c>KeyFile</c>, <c>ClientCaFile</c>; null without TLS.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary><c>Scaler:StorageTimeout</c>: how long host storage may take before KEDA is told UNAVAILABLE.</summary>
    public TimeSpan StorageTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public static ScalerOptions Read(IConfiguration configuration, List<string> problems)
    {
        var read = new SettingReader(configuration, problems);
        var defaults = new ScalerOptions { Storage = HostStorageOptions.From(configuration, problems) };
        return defaults with
        {
            Grpc = ReadAddress(read, "Scaler:GrpcUrl", defaults.Grpc, problems),
            Metrics = ReadAddress(read, "Scaler:MetricsUrl", defaults.Metrics, problems),
            Tls = TlsFiles.Read(read, problems),
            StorageTimeout = read.Duration("Scaler:StorageTimeout", defaults.StorageTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        };
    }

    private static ListenAddress ReadAddress(SettingReader read, string key, ListenAddress fallback, List<string> problems)
    {
        var text = read.Text(key, fallback.ToString());
        if (ListenAddress.TryParse(text, out var address))
        {
            return address;
        }

        problems.Add($"{key} is '{text}'; it must be http://<address>:<port>, such as {fallback} or http://127.0.0.1:{fallback.Port} (TLS is turned on by Scaler:CertificateFile).");
        return fallback;
    }
}
