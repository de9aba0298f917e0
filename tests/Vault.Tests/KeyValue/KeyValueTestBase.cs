using Ebb.TestServers.Vault;
using Ebb.Vault.KeyValue;

namespace Ebb.Vault.Tests.KeyValue;

/// <summary>An engine at <c>kvv2</c> and a client that may do everything there.</summary>
public abstract class KeyValueTestBase : VaultTestBase
{
    internal const string Path = "application/shop/dev/docker";
    internal const string All = "create,read,update,patch,delete,list kvv2/*";

    internal VaultKeyValueEngine Stored => Server.KeyValue();

    internal VaultKeyValue Engine(params string[] policies)
    {
        _ = Stored;
        return new VaultKeyValue(ClientWithToken(policies.Length == 0 ? [All] : policies), "kvv2");
    }

    internal static Dictionary<string, string?> Tag(string? tag) => new() { ["METADATA_TAG"] = tag };

    internal static KeyValueData Data(string json) => KeyValueData.Parse(System.Text.Encoding.UTF8.GetBytes(json));
}
