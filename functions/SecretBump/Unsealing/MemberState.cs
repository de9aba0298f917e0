namespace Ebb.SecretBump.Unsealing;

/// <summary>What became of a member.</summary>
public enum MemberState
{
    /// <summary>It was not sealed.</summary>
    Open,

    /// <summary>It was sealed and is no longer.</summary>
    Unsealed,

    /// <summary>It was never initialised and was not touched.</summary>
    NotInitialized,

    /// <summary>It is sealed and stays so.</summary>
    Sealed,

    /// <summary>It does not answer, or not as Vault does.</summary>
    Unreachable,
}
