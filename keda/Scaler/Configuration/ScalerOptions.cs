using Ebb.Settings;
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
        var read = new SettingsReader(configuration, problems, "Scaler");
        var defaults = new ScalerOptions { Storage = HostStorageOptions.From(configuration, problems) };
        return defaults with
        {
            Grpc = ReadAddress(read, "GrpcUrl", defaults.Grpc),
            Metrics = ReadAddress(read, "MetricsUrl", defaults.Metrics),
            Tls = TlsFiles.Read(read),
            StorageTimeout = read.Duration("StorageTimeout", defaults.StorageTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        };
    }

    private static ListenAddress ReadAddress(SettingsReader read, string key, ListenAddress fallback) => read.Parsed<ListenAddress>(
        key, $"http://<address>:<port>, such as {fallback} or http://127.0.0.1:{fallback.Port} (TLS is turned on by Scaler:CertificateFile)",
        ListenAddress.TryParse, fallback, fallback.ToString());
}
