namespace Ebb.SecretBump.Unsealing;

/// <summary>A share of the unseal key.</summary>
/// <param name="Name">Its file's name, for messages.</param>
/// <param name="Value">The share; in no message.</param>
public sealed record KeyShare(string Name, string Value)
{
    /// <summary>The name only.</summary>
    public override string ToString() => Name;
}
