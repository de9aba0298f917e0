using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// Another text for other data of a Secret, and for another Secret of the same name. The key of the hash is the Secret's uid, which is noted
/// nowhere beside it: whoever reads the text cannot try out which value it stands for.
/// </summary>
internal static class SecretFingerprint
{
    private const int ObjectLength = 16;

    /// <summary>The fingerprint; empty where there is no Secret.</summary>
    public static string Of(V1Secret? secret)
    {
        if (secret is null)
        {
            return "";
        }

        var uid = Encoding.UTF8.GetBytes(secret.Uid());
        var data = new JsonObject();
        foreach (var (key, value) in (secret.Data ?? new Dictionary<string, byte[]>()).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            data[key] = Convert.ToBase64String(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(uid))[..ObjectLength] + Convert.ToHexStringLower(HMACSHA256.HashData(uid, Encoding.UTF8.GetBytes(data.ToJsonString())));
    }

    /// <summary>Whether both are of one object, which was changed and not made anew.</summary>
    public static bool AreOfOneObject(string before, string after) => before.Length > 0 && after.Length > 0 && before[..ObjectLength] == after[..ObjectLength];
}
