namespace Ebb.Vault;

/// <summary>An engine as it is mounted.</summary>
/// <param name="Type">The engine: <c>kv</c>, <c>transit</c>.</param>
/// <param name="Version">The version of a key-value engine: <c>1</c> or <c>2</c>; null: 1, or an engine without versions.</param>
public sealed record VaultMount(string Type, string? Version)
{
    /// <summary>True for the key-value engine, version 2.</summary>
    public bool IsKeyValue2 => Type == "kv" && Version == "2";
}
