using Ebb.EtcdBackup.Snapshots;
using Ebb.EtcdBackup.Sources;
using Ebb.TestServers.Etcd;
using Ebb.TestServers.Tls;

namespace Ebb.EtcdBackup.Tests.Sources;

/// <summary>A real etcd with TLS, client certificates and users.</summary>
public sealed class EtcdServerTests : IAsyncLifetime
{
    private readonly BackupBench _bench = new();
    private OpenSslAuthority _authority = null!;
    private OpenSslAuthority _other = null!;
    private (string Certificate, string Key) _client;

    public ValueTask InitializeAsync()
    {
        Peers.NeedEtcd();
        Peers.NeedOpenSsl();
        (_authority, _other) = (new OpenSslAuthority("etcd"), new OpenSslAuthority("other"));
        _client = _authority.Issue("client", OpenSslAuthority.Client);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _authority?.Dispose();
        _other?.Dispose();
    }

    [Theory]
    [InlineData("hunter2\n")]
    [InlineData("\uFEFFhunter2\r\n")]
    public async Task Run_WithTlsAndAUser_StoresAndCountsKeys(string password)
    {
        await using var etcd = await StartAsync(_authority.Issue("server", OpenSslAuthority.Loopback), withClients: false);
        await etcd.Gateway.PutAsync(KubernetesKeys.Make(300));
        await etcd.Gateway.EnableAuthenticationAsync("hunter2");
        await File.WriteAllTextAsync(_bench.At("password"), password, BackupBench.Token);
        await _bench.With("Endpoints", etcd.Endpoint).With("CaFile", _authority.Authority).With("User", "root").With("PasswordFile", _bench.At("password")).StartAsync();

        var report = await _bench.RunAsync();

        (report.Verified, report.Keys, report.EtcdVersion.Length > 0).ShouldBe((true, 300, true));
        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Run_WithAClientCertificate_Stores()
    {
        await using var etcd = await StartAsync(_authority.Issue("server", OpenSslAuthority.Loopback));
        await Trusting(etcd).StartAsync();

        (await _bench.RunAsync()).Verified.ShouldBeTrue();
        await ShouldBeWholeAsync();
    }

    // Five minutes by default: a member that is asked after another one failed, or counts its keys after a long snapshot, has waited longer.
    [Fact]
    public async Task Member_AskedWhenItsTokenHasRunOut_LogsInAgain()
    {
        await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions { TokenLifetime = TimeSpan.FromSeconds(1) });
        await etcd.Gateway.EnableAuthenticationAsync("hunter2");
        await File.WriteAllTextAsync(_bench.At("password"), "hunter2", BackupBench.Token);
        await _bench.With("Endpoints", etcd.Endpoint).With("User", "root").With("PasswordFile", _bench.At("password")).StartAsync();
        using var member = (await _bench.Get<ISnapshotSource>().OpenAsync(BackupBench.Token)).ShouldHaveSingleItem();
        await member.AskAsync(BackupBench.Token);

        await Task.Delay(TimeSpan.FromSeconds(4), BackupBench.Token);
        using var digest = new SnapshotDigest();
        await foreach (var piece in member.ReadAsync(BackupBench.Token))
        {
            digest.Append(piece.Span);
        }

        digest.Finish();
        await Task.Delay(TimeSpan.FromSeconds(4), BackupBench.Token);
        (await member.CountAsync(BackupBench.Token)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("root", "wrong", SnapshotFailure.LoginRefused)]
    [InlineData("nobody", "hunter2", SnapshotFailure.LoginRefused)]
    [InlineData("guest", "hunter2", SnapshotFailure.LoginRefused)]
    public async Task Run_UserThatMayNot_IsNamed(string user, string password, SnapshotFailure expected)
    {
        await using var etcd = await EtcdServer.StartAsync();
        await etcd.Gateway.EnableAuthenticationAsync("hunter2");
        await File.WriteAllTextAsync(_bench.At("password"), password, BackupBench.Token);
        await _bench.With("Endpoints", etcd.Endpoint).With("User", user).With("PasswordFile", _bench.At("password")).StartAsync();

        (await _bench.FailAsync(expected)).Message.ShouldNotContain("hunter2");

        _bench.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_WithoutAUserWhereOneIsNeeded_IsNamed()
    {
        await using var etcd = await EtcdServer.StartAsync();
        await etcd.Gateway.EnableAuthenticationAsync("hunter2");
        await _bench.With("Endpoints", etcd.Endpoint).StartAsync();

        await _bench.FailAsync(SnapshotFailure.LoginRefused);
    }

    [Fact]
    public async Task Run_ServerCertificateExpired_IsNamed()
    {
        await using var etcd = await StartAsync(_authority.Issue("expired", OpenSslAuthority.Loopback, days: -1));

        await Trusting(etcd).StartAsync();

        (await _bench.FailAsync(SnapshotFailure.CertificateExpired)).Message.ShouldContain("expired at");
    }

    [Fact]
    public async Task Run_ServerOfAnotherAuthority_IsNamed()
    {
        await using var etcd = await StartAsync(_authority.Issue("server", OpenSslAuthority.Loopback));
        await Trusting(etcd).With("CaFile", _other.Authority).StartAsync();

        await _bench.FailAsync(SnapshotFailure.WrongAuthority);
    }

    [Fact]
    public async Task Run_ServerCertificateForAnotherName_IsNamed()
    {
        await using var etcd = await StartAsync(_authority.Issue("elsewhere", OpenSslAuthority.Elsewhere));
        await Trusting(etcd).StartAsync();

        (await _bench.FailAsync(SnapshotFailure.WrongServerName)).Message.ShouldContain("elsewhere.example");
    }

    [Fact]
    public async Task Run_ClientOfAnotherAuthority_IsNamed()
    {
        await using var etcd = await StartAsync(_authority.Issue("server", OpenSslAuthority.Loopback));
        var (certificate, key) = _other.Issue("client", OpenSslAuthority.Client);
        await Trusting(etcd).With("CertificateFile", certificate).With("KeyFile", key).StartAsync();

        await _bench.FailAsync(SnapshotFailure.LoginRefused);
    }

    [Fact]
    public async Task Run_WithoutAClientCertificate_IsNamed()
    {
        await using var etcd = await StartAsync(_authority.Issue("server", OpenSslAuthority.Loopback));
        await Trusting(etcd).With("CertificateFile", null).With("KeyFile", null).StartAsync();

        await _bench.FailAsync(SnapshotFailure.LoginRefused);
    }

    [Fact]
    public async Task Run_FileMissing_NamesSettingAndPath()
    {
        await _bench.With("Endpoints", "https://127.0.0.1:1").With("CaFile", "/nowhere/ca.crt").StartAsync();

        (await _bench.FailAsync(SnapshotFailure.ConfigurationFile)).Message.ShouldBe("/nowhere/ca.crt (EtcdBackup:CaFile) cannot be read: it does not exist.");
    }

    private BackupBench Trusting(EtcdServer etcd) => _bench.With("Endpoints", etcd.Endpoint).With("CaFile", _authority.Authority)
        .With("CertificateFile", _client.Certificate).With("KeyFile", _client.Key);

    private Task<EtcdServer> StartAsync((string Certificate, string Key) server, bool withClients = true) =>
        EtcdServer.StartAsync(new EtcdServerOptions { Tls = server, ClientAuthority = withClients ? _authority.Authority : null });

    private async Task ShouldBeWholeAsync()
    {
        var stored = (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.ShouldHaveSingleItem();
        using var digest = new SnapshotDigest();
        digest.Append(await _bench.ContentAsync(stored));
        digest.Finish().ShouldBe(stored.Sidecar!.PlaintextSha256);
    }
}
