using Ebb.TestServers.Etcd;
using Ebb.TestServers.S3;
using Ebb.TestServers.Talos;
using Ebb.TestServers.Tls;

namespace Ebb.EtcdBackup.Tests;

/// <summary>Programs that play the other side. One that is missing skips a test, and fails it where <c>EBB_REQUIRE_PEERS=1</c>.</summary>
internal static class Peers
{
    public static string Age => Require(OnPath("age"), "age", "age");

    public static string EtcdUtl => Require(EtcdPrograms.Util, "etcdutl", "EBB_ETCDUTL");

    public static void NeedEtcd() => Require(EtcdPrograms.Server, "etcd", "EBB_ETCD");

    public static void NeedOpenSsl() => Require(OpenSslAuthority.Program, "openssl", "openssl");

    public static void NeedNginx() => Require(TalosFront.Program, "nginx", "nginx");

    public static void NeedS3rver() => Require(S3rverServer.Program, "s3rver", "EBB_S3RVER");

    private static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Require(string? path, string name, string how)
    {
        if (path is null)
        {
            var message = $"{name} is missing ({how}). './dev test' sees to it.";
            (Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS") == "1").ShouldBeFalse(message);
            Assert.Skip(message);
        }

        return path;
    }
}
