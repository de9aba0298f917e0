namespace Ebb.Scaler.Tests.Processes;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task WrongSettings_AreAllToldAndTheProcessEndsWithTwo()
    {
        var (exitCode, log) = await ScalerExecutable.RunAsync(new Dictionary<string, string>
        {
            ["Storage"] = "mysql://u:secret@h/d",
            ["Scaler__GrpcUrl"] = "https://*:9090",
            ["Scaler__MetricsUrl"] = "http://example.com",
            ["Scaler__StorageTimeout"] = "2",
            ["Scaler__CertificateFile"] = "/nowhere/tls.crt",
            ["Scaler__ClientNames"] = "keda.ebb.svc, *.ebb.svc",
            ["Logging__LogLevel__Default"] = "loud",
        });
        exitCode.ShouldBe(2, log);
        log.ShouldNotContain("secret");
        foreach (var part in new[]
        {
            "Storage begins with", "Scaler:GrpcUrl is 'https://*:9090'", "Scaler:MetricsUrl is 'http://example.com'", "Scaler:StorageTimeout is '2'",
            "Scaler:KeyFile is not set", "Scaler:CertificateFile is '/nowhere/tls.crt'", "Logging:LogLevel:Default is 'loud'",
            "set Scaler:ClientCaFile too", "Scaler:ClientNames holds '*.ebb.svc'", "9 problem(s)",
        })
        {
            log.ShouldContain(part);
        }
    }

    [Fact]
    public async Task APortThatIsTaken_IsToldAndTheProcessEndsWithOne()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var directory = Directory.CreateTempSubdirectory("ebb-scaler-").FullName;
        var (exitCode, log) = await ScalerExecutable.RunAsync(new Dictionary<string, string>
        {
            ["Storage"] = $"sqlite:{directory}/ebb.db",
            ["Scaler__GrpcUrl"] = $"http://{other.LocalEndpoint}",
        });
        exitCode.ShouldBe(1, log);
        log.ShouldContain("Scaler:GrpcUrl");
        Directory.Delete(directory, recursive: true);
    }
}
