using Ebb.RabbitMq.Tests.Servers;

namespace Ebb.RabbitMq.Tests;

public sealed class LoginTests(BrokerFixture broker)
{
    [Fact]
    public async Task Tls_BrokerOfTheConfiguredAuthority_IsTrusted()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync(null,
            $"--RabbitMQ:Uri=amqps://localhost:{broker.Server.TlsPort}", $"--RabbitMQ:CaFile={broker.Tls.Authority}",
            $"--RabbitMQ:ClientCertificateFile={broker.Tls.ClientCertificate}", $"--RabbitMQ:ClientKeyFile={broker.Tls.ClientKey}",
            "--RabbitMQ:UserName=guest", $"--RabbitMQ:PasswordFile={await GuestAsync()}");
        await bench.WorkAsync("a", "fail-once");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the message");
    }

    [Theory]
    [InlineData(false, "localhost")]
    [InlineData(true, "another.example")]
    public async Task Tls_UnknownAuthorityOrName_IsRefused(bool withAuthority, string name)
    {
        await using var bench = new Bench(broker.Server);
        string[] authority = withAuthority ? [$"--RabbitMQ:CaFile={broker.Tls.Authority}"] : [];
        await bench.StartAsync(null, [$"--RabbitMQ:Uri=amqps://localhost:{broker.Server.TlsPort}", $"--RabbitMQ:ServerName={name}", .. authority]);
        await bench.EventuallyAsync(() => bench.Logs.Lines.Any(line => line.Contains("cannot be used") && line.Contains("certificate")), "the refusal");
    }

    [Fact]
    public async Task Password_Rotated_IsReadAnewAtTheNextConnection()
    {
        var directory = Directory.CreateTempSubdirectory("ebb-rabbit-login-");
        var (user, password) = (Path.Combine(directory.FullName, "username"), Path.Combine(directory.FullName, "password"));
        await File.WriteAllTextAsync(user, "rotating\n");
        await File.WriteAllTextAsync(password, "first\n");
        await broker.Server.ControlAsync("eval",
            "rabbit_auth_backend_internal:add_user(<<\"rotating\">>, <<\"first\">>, <<\"test\">>), " +
            "rabbit_auth_backend_internal:set_permissions(<<\"rotating\">>, <<\"/\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"test\">>).");
        await using var relay = new Relay(broker.Server.Port);
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync(null,
            "--RabbitMQ:Host=127.0.0.1", $"--RabbitMQ:Port={relay.Port}", $"--RabbitMQ:UserNameFile={user}", $"--RabbitMQ:PasswordFile={password}");

        await broker.Server.ControlAsync("eval", "rabbit_auth_backend_internal:change_password(<<\"rotating\">>, <<\"second\">>, <<\"test\">>).");
        relay.Cut();
        await bench.EventuallyAsync(() => bench.Logs.Lines.Any(line => line.Contains("cannot be used")), "the refusal");
        await File.WriteAllTextAsync(password, "second");
        await bench.WorkAsync("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the message");
        string.Join('\n', bench.Logs.Lines).ShouldNotContain("second");
        directory.Delete(recursive: true);
    }

    private async Task<string> GuestAsync()
    {
        var file = Path.Combine(Path.GetDirectoryName(broker.Tls.Authority)!, "guest");
        await File.WriteAllTextAsync(file, "guest\n");
        return file;
    }
}
