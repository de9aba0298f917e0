using Ebb.EtcdBackup.Sources.Etcd.Messages;
using Ebb.Grpc;

namespace Ebb.EtcdBackup.Sources.Etcd;

/// <summary>The methods of etcd that are called (etcd v3.5, api/etcdserverpb/rpc.proto).</summary>
internal static class EtcdMethods
{
    private const string Maintenance = "etcdserverpb.Maintenance";

    public static Method<SnapshotRequest, SnapshotResponse> Snapshot { get; } = new(Maintenance, "Snapshot", SnapshotRequest.Parser, SnapshotResponse.Parser);

    public static Method<StatusRequest, StatusResponse> Status { get; } = new(Maintenance, "Status", StatusRequest.Parser, StatusResponse.Parser);

    public static Method<AlarmRequest, AlarmResponse> Alarm { get; } = new(Maintenance, "Alarm", AlarmRequest.Parser, AlarmResponse.Parser);

    public static Method<AuthenticateRequest, AuthenticateResponse> Authenticate { get; } =
        new("etcdserverpb.Auth", "Authenticate", AuthenticateRequest.Parser, AuthenticateResponse.Parser);

    public static Method<RangeRequest, RangeResponse> Range { get; } = new("etcdserverpb.KV", "Range", RangeRequest.Parser, RangeResponse.Parser);
}
