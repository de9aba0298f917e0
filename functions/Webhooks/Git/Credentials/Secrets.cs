using System.Security.Cryptography;
using System.Text;
using Ebb.Webhooks.Git.Hooks;

namespace Ebb.Webhooks.Git.Credentials;

/// <summary>Compares a secret that was sent as it is, by hash, so that neither content nor length shows in the time taken.</summary>
internal static class Secrets
{
    public static bool AreEqual(string? shown, HookSecret secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(shown ?? ""), hash);
        return CryptographicOperations.FixedTimeEquals(hash, secret.Hash.Span) & shown is not null & !secret.IsDecoy;
    }
}
