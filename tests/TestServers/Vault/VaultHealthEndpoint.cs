using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Vault;

/// <summary>https://developer.hashicorp.com/vault/api-docs/system/health</summary>
internal static class VaultHealthEndpoint
{
    public static VaultAnswer Answer(IQueryCollection query, VaultSealState seal, bool standby)
    {
        var isSealed = seal.IsSealed || !seal.Initialized;
        var status = (isSealed, standby) switch
        {
            _ when !seal.Initialized => Code(query, "uninitcode", 501),
            (true, _) => Code(query, "sealedcode", 503),
            (_, true) when query["standbyok"] != "true" => Code(query, "standbycode", 429),
            _ => Code(query, "activecode", 200),
        };
        return new VaultAnswer(status, new JsonObject
        {
            ["initialized"] = seal.Initialized,
            ["sealed"] = isSealed,
            ["standby"] = standby || isSealed,
            ["performance_standby"] = false,
            ["server_time_utc"] = 0,
            ["version"] = "1.20.0",
        });
    }

    private static int Code(IQueryCollection query, string name, int otherwise) =>
        int.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : otherwise;
}
