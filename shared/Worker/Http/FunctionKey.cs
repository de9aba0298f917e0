using System.Security.Cryptography;
using System.Text;

namespace Ebb.Worker.Http;

/// <summary>One key file. The value itself is not kept, only its hash.</summary>
internal sealed class FunctionKey
{
    public const string MasterFile = "host.master";

    private readonly byte[] _hash;

    private FunctionKey(KeyScope opens, string? function, string name, byte[] hash) =>
        (Opens, Function, Caller, _hash) = (opens, function, CallerOf(opens, function, name), hash);

    public KeyScope Opens { get; }

    /// <summary>The function a function's own key is for.</summary>
    public string? Function { get; }

    /// <summary>What runs name as their caller.</summary>
    public string Caller { get; }

    /// <summary>What its bearer may act on.</summary>
    public CallerScope Scope { get; private init; } = CallerScope.Everything;

    /// <summary>Reads a key; null for files that are none, and for empty ones.</summary>
    public static FunctionKey? TryCreate(string fileName, string content, KeyScopes scopes)
    {
        var value = content.Trim();
        if (value.Length == 0 || !TryParseName(fileName, out var opens, out var function, out var name))
        {
            return null;
        }

        return new FunctionKey(opens, function, name, Hash(value)) { Scope = scopes.Of(fileName) };
    }

    /// <summary>Whether a file of this name is a key.</summary>
    public static bool IsName(string fileName) => TryParseName(fileName, out _, out _, out _);

    public static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));

    /// <summary>Compares in constant time: hashes have one length whatever was shown.</summary>
    public bool Matches(byte[] shownHash) => CryptographicOperations.FixedTimeEquals(_hash, shownHash);

    private static string CallerOf(KeyScope opens, string? function, string name) => opens switch
    {
        KeyScope.Master => CallerNames.MasterKey,
        KeyScope.Host => CallerNames.HostKey(name),
        KeyScope.System => CallerNames.SystemKey(name),
        _ => CallerNames.FunctionKey(function!, name),
    };

    private static bool TryParseName(string fileName, out KeyScope scope, out string? function, out string name)
    {
        (scope, function, name) = (KeyScope.Master, null, string.Empty);
        if (fileName == MasterFile)
        {
            return true;
        }

        var parts = fileName.Split('.', 3);
        if (parts.Length < 3 || parts[1].Length == 0 || parts[2].Length == 0 || fileName.Any(char.IsControl))
        {
            return false;
        }

        name = parts[2];
        (scope, function) = (parts[0], parts[1]) switch
        {
            ("host", "function") => (KeyScope.Host, null),
            ("host", "systemKey") => (KeyScope.System, null),
            ("functions", var own) => (KeyScope.Function, own),
            _ => (KeyScope.None, null),
        };
        return scope is not KeyScope.None;
    }
}

/// <summary>What a key opens.</summary>
internal enum KeyScope
{
    /// <summary>Nothing: no key.</summary>
    None,

    /// <summary>One function: <c>functions.{function}.{key}</c>.</summary>
    Function,

    /// <summary>Every function and the runs: <c>host.function.{key}</c>.</summary>
    Host,

    /// <summary>Functions of level System: <c>host.systemKey.{key}</c>.</summary>
    System,

    /// <summary>Everything: <c>host.master</c>.</summary>
    Master,
}
