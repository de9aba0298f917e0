namespace Ebb.SecretBump.Stores;

/// <summary>Whether a version can be read.</summary>
public enum VersionState
{
    /// <summary>It can.</summary>
    Readable,

    /// <summary>It was deleted (Key Vault: disabled) and can be brought back.</summary>
    Deleted,

    /// <summary>Its values are gone for good.</summary>
    Destroyed,
}
