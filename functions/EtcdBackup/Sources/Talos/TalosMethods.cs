using Ebb.EtcdBackup.Sources.Talos.Messages;
using Ebb.Grpc;

namespace Ebb.EtcdBackup.Sources.Talos;

/// <summary>The methods of Talos that the role <c>os:etcd:backup</c> permits and that are called (Talos v1.9, api/machine/machine.proto).</summary>
internal static class TalosMethods
{
    private const string Machine = "machine.MachineService";

    public static Method<EtcdSnapshotRequest, Data> EtcdSnapshot { get; } = new(Machine, "EtcdSnapshot", EtcdSnapshotRequest.Parser, Data.Parser);

    public static Method<Empty, EtcdStatusResponse> EtcdStatus { get; } = new(Machine, "EtcdStatus", Empty.Parser, EtcdStatusResponse.Parser);

    public static Method<Empty, EtcdAlarmListResponse> EtcdAlarmList { get; } = new(Machine, "EtcdAlarmList", Empty.Parser, EtcdAlarmListResponse.Parser);
}
