using System.Text;
using Ebb.TestServers.Etcd;
using Ebb.TestServers.Talos;
using Ebb.TestServers.Tls;

namespace Ebb.EtcdBackup.Tests.Sources;

/// <summary>Talos over Ed25519 mTLS, HTTP/2 and ALPN: nginx in front of a machine API.</summary>
public sealed class TalosTests : IAsyncLifetime
{
    private const string RoleSubject = $"/O={TalosStandIn.Role}/CN=backup";

    private readonly BackupBench _bench = new();
    private OpenSslAuthority _authority = null!;
    private OpenSslAuthority _other = null!;
    private TalosStandIn _machine = null!;
    private TalosFront _front = null!;

    public async ValueTask InitializeAsync()
    {
        Peers.NeedOpenSsl();
        Peers.NeedNginx();
        (_authority, _other) = (new OpenSslAuthority("talos"), new OpenSslAuthority("other"));
        _machine = await TalosStandIn.StartAsync();
        _front = await FrontAsync(_authority.Issue("server", OpenSslAuthority.Loopback));
        _bench.With("Source", "talos").With("TalosConfig", _bench.At("talosconfig"));
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await (_front?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_machine?.DisposeAsync() ?? ValueTask.CompletedTask);
        _authority?.Dispose();
        _other?.Dispose();
    }

    [Fact]
    public async Task Run_OverMutualTls_StoresTheSnapshot()
    {
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject));
        await _bench.StartAsync();

        var report = await _bench.RunAsync();

        (report.Verified, report.Member, report.EtcdVersion, report.Revision).ShouldBe((true, _front.Endpoint, "3.5.16", null));
        var stored = (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.ShouldHaveSingleItem();
        (stored.Sidecar!.Source, stored.Sidecar.MemberId, stored.Sidecar.RaftIndex).ShouldBe(("talos", "b2", 120UL));
        (await _bench.ContentAsync(stored)).ShouldBe(_machine.Script.Content);
        _machine.Nodes.ShouldAllBe(node => node == "");
    }

    [Fact]
    public async Task Run_NodesOfTheTalosconfig_AreNamedInEveryCall()
    {
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject), nodes: "nodes: [10.5.0.2]");
        await _bench.StartAsync();

        (await _bench.RunAsync()).Member.ShouldBe($"10.5.0.2 (through {_front.Endpoint})");

        _machine.Nodes.Count.ShouldBe(3);
        _machine.Nodes.ShouldAllBe(node => node == "10.5.0.2");
    }

    [Fact]
    public async Task Run_FirstEndpointDown_TheNodeIsAskedThroughTheNext()
    {
        await WriteConfigAsync(
            _authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject), endpoint: $"127.0.0.1:1\", \"{_front.Endpoint}", nodes: "nodes: [10.5.0.2]");
        await _bench.StartAsync();

        var report = await _bench.RunAsync();

        report.Member.ShouldBe($"10.5.0.2 (through {_front.Endpoint})");
        report.Warnings.ShouldHaveSingleItem().ShouldContain("10.5.0.2 (through 127.0.0.1:1) cannot be reached");
    }

    [Fact]
    public async Task Run_CertificateRenewedBetweenRuns_IsReadAnew()
    {
        await WriteConfigAsync(_other.Issue("client", OpenSslAuthority.Client, subject: RoleSubject));
        await _bench.StartAsync();
        await _bench.FailAsync(SnapshotFailure.LoginRefused);

        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject));

        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_CertificateWithAnotherRole_IsNamed()
    {
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: "/O=os:reader/CN=reader"));
        await _bench.StartAsync();

        (await _bench.FailAsync(SnapshotFailure.LoginRefused)).Message.ShouldContain("os:etcd:backup");
    }

    [Fact]
    public async Task Run_ServerOfAnotherAuthority_IsNamed()
    {
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject), authority: _other);
        await _bench.StartAsync();

        await _bench.FailAsync(SnapshotFailure.WrongAuthority);
    }

    [Fact]
    public async Task Run_ServerForAnotherName_IsNamed()
    {
        await using var elsewhere = await FrontAsync(_authority.Issue("elsewhere", OpenSslAuthority.Elsewhere));
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject), endpoint: elsewhere.Endpoint);
        await _bench.StartAsync();

        await _bench.FailAsync(SnapshotFailure.WrongServerName);
    }

    [Fact]
    public async Task Run_ServerCertificateExpired_IsNamed()
    {
        await using var expired = await FrontAsync(_authority.Issue("expired", OpenSslAuthority.Loopback, days: -1));
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject), endpoint: expired.Endpoint);
        await _bench.StartAsync();

        await _bench.FailAsync(SnapshotFailure.CertificateExpired);
    }

    [Theory]
    [InlineData(SnapshotFault.EndsEarly, 100 * 1024, SnapshotFailure.Truncated)]
    [InlineData(SnapshotFault.EndsEarly, (60 * 4096) + 32, SnapshotFailure.WrongTrailer)]
    [InlineData(SnapshotFault.ReportsAnError, 100 * 1024, SnapshotFailure.ConnectionLost)]
    [InlineData(SnapshotFault.Stalls, 100 * 1024, SnapshotFailure.Stalled)]
    [InlineData(SnapshotFault.Cuts, 100 * 1024, SnapshotFailure.ConnectionLost)]
    public async Task Run_SnapshotGoesWrong_IsNamedAndNothingIsStored(SnapshotFault fault, int after, SnapshotFailure expected)
    {
        _machine.Script = _machine.Script with { Fault = fault, FaultAfter = after };
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject));
        await _bench.With("ProgressTimeout", "00:00:01").StartAsync();

        await _bench.FailAsync(expected);

        _bench.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_StatusWithAnError_IsNamedWithTheNodesWords()
    {
        _machine.StatusError = "etcd is not running";
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject));
        await _bench.StartAsync();

        (await _bench.FailAsync(SnapshotFailure.ServerError)).Message.ShouldContain("etcd is not running");
    }

    [Fact]
    public async Task Run_AlarmCorrupt_IsRefused()
    {
        _machine.CorruptMembers = [0xb2];
        await WriteConfigAsync(_authority.Issue("client", OpenSslAuthority.Client, subject: RoleSubject));
        await _bench.StartAsync();

        await _bench.FailAsync(SnapshotFailure.CorruptAlarm);
    }

    [Fact]
    public async Task Run_TalosconfigMissing_NamesSettingAndPath()
    {
        await _bench.StartAsync();

        (await _bench.FailAsync(SnapshotFailure.ConfigurationFile)).Message.ShouldContain("talosconfig (EtcdBackup:TalosConfig) cannot be read: it does not exist");
    }

    private Task<TalosFront> FrontAsync((string Certificate, string Key) server) => TalosFront.StartAsync(_machine.Port, server, _authority.Authority);

    private Task WriteConfigAsync((string Certificate, string Key) client, string? endpoint = null, string nodes = "nodes: []", OpenSslAuthority? authority = null)
    {
        // Talos labels the same PKCS#8 differently.
        var key = File.ReadAllText(client.Key).Replace(" PRIVATE KEY", " ED25519 PRIVATE KEY", StringComparison.Ordinal);
        return File.WriteAllTextAsync(_bench.At("talosconfig"), $"""
            context: prod
            contexts:
              prod:
                endpoints: ["{endpoint ?? _front.Endpoint}"]
                {nodes}
                ca: {Convert.ToBase64String(File.ReadAllBytes((authority ?? _authority).Authority))}
                crt: {Convert.ToBase64String(File.ReadAllBytes(client.Certificate))}
                key: {Convert.ToBase64String(Encoding.ASCII.GetBytes(key))}
            """);
    }
}
