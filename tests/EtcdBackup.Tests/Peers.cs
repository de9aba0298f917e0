using Ebb.TestServers.Etcd;
using Ebb.TestServers.S3;
using Ebb.TestServers.Talos;
using Ebb.TestServers.Tls;

namespace Ebb.EtcdBackup.Tests;

/// <summary>Programs that play the other side.</summary>
internal static class Peers
{
    public static string Age => Peer.Program("age", "EBB_AGE");

    public static string EtcdUtl => Require(EtcdPrograms.Util, "etcdutl", "EBB_ETCDUTL");

    public static void NeedEtcd() => Require(EtcdPrograms.Server, "etcd", "EBB_ETCD");

    public static void NeedOpenSsl() => Require(OpenSslAuthority.Program, "openssl", "openssl");

    public static void NeedNginx() => Require(TalosFront.Program, "nginx", "nginx");

    public static void NeedS3rver() => Require(S3rverServer.Program, "s3rver", "EBB_S3RVER");

    private static string Require(string? path, string name, string how) => Peer.Of(path, $"{name} is missing ({how}). './dev test' sees to it.");
}
