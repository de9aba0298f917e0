using System.Collections.Concurrent;
using Ebb.TestServers.Etcd;
using Ebb.TestServers.Rpc;

namespace Ebb.TestServers.Talos;

/// <summary>
/// Plays the machine API of a control plane behind nginx, which does the TLS: Talos v1.9, api/machine/machine.proto, the methods that the role
/// os:etcd:backup permits. Refuses everybody whose certificate has another role, as apid does by the subject's organization.
/// </summary>
public sealed class TalosStandIn : IAsyncDisposable
{
    /// <summary>The header in which nginx passes on the subject of the client's certificate.</summary>
    public const string SubjectHeader = "x-client-subject";

    /// <summary>The role.</summary>
    public const string Role = "os:etcd:backup";

    private const int PermissionDenied = 7;
    private const int Corrupt = 2;

    private readonly RpcServer _server;

    private TalosStandIn(RpcServer server) => _server = server;

    public int Port => _server.Port;

    /// <summary>What it gives, 1 KiB at a time.</summary>
    public SnapshotScript Script { get; set; } = SnapshotScript.Of(64) with { PieceBytes = 1024 };

    /// <summary>Members with the alarm CORRUPT.</summary>
    public IReadOnlyList<ulong> CorruptMembers { get; set; } = [];

    /// <summary>What <c>metadata.error</c> of a status says; empty for none.</summary>
    public string StatusError { get; set; } = "";

    /// <summary>The <c>node</c> of each call; empty where there was none.</summary>
    public ConcurrentQueue<string> Nodes { get; } = [];

    public static async Task<TalosStandIn> StartAsync()
    {
        TalosStandIn? machine = null;
        var methods = new Dictionary<string, Func<RpcCall, Task>>
        {
            ["/machine.MachineService/EtcdStatus"] = call => machine!.AllowedAsync(call, machine.StatusAsync),
            ["/machine.MachineService/EtcdAlarmList"] = call => machine!.AllowedAsync(call, machine.AlarmsAsync),
            ["/machine.MachineService/EtcdSnapshot"] = call => machine!.AllowedAsync(call, machine.SnapshotAsync),
        };
        return machine = new TalosStandIn(await RpcServer.StartAsync(methods));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AllowedAsync(RpcCall call, Func<RpcCall, Task> method)
    {
        await call.ReadAsync();
        Nodes.Enqueue(call.Header("node") ?? "");
        if (call.Header(SubjectHeader)?.Contains($"O={Role}", StringComparison.Ordinal) is true)
        {
            await method(call);
        }
        else
        {
            await call.EndAsync(PermissionDenied, "not authorized");
        }
    }

    // EtcdStatusResponse: one message for the node that was asked.
    private async Task StatusAsync(RpcCall call)
    {
        var status = new RpcMessage().Text(1, "3.5.16").Number(2, (ulong)Script.Content.Length).Number(4, 0xb1).Number(5, 120).Number(7, 120).Number(10, 0xb2).Text(11, "3.5");
        var message = new RpcMessage().Message(1, Metadata(StatusError));
        await call.WriteAsync(new RpcMessage().Message(1, StatusError.Length > 0 ? message : message.Message(2, status)).ToArray());
        await call.EndAsync();
    }

    private async Task AlarmsAsync(RpcCall call)
    {
        var alarms = new RpcMessage().Message(1, Metadata(""));
        foreach (var member in CorruptMembers)
        {
            alarms.Message(2, new RpcMessage().Number(1, member).Number(2, Corrupt));
        }

        await call.WriteAsync(new RpcMessage().Message(1, alarms).ToArray());
        await call.EndAsync();
    }

    private Task SnapshotAsync(RpcCall call) => SnapshotPlayer.PlayAsync(
        call, Script, piece => new RpcMessage().Bytes(2, piece.Span), error => new RpcMessage().Message(1, Metadata(error)));

    private static RpcMessage Metadata(string error)
    {
        var metadata = new RpcMessage().Text(1, "control-plane-1");
        return error.Length == 0 ? metadata : metadata.Text(2, error);
    }
}
