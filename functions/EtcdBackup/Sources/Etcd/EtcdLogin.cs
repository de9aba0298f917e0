namespace Ebb.EtcdBackup.Sources.Etcd;

/// <summary>A user of etcd.</summary>
/// <param name="User">The name.</param>
/// <param name="Password">The password; never shown.</param>
internal sealed record EtcdLogin(string User, string Password)
{
    public override string ToString() => User;
}
