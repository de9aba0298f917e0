namespace Ebb.ObjectStore;

/// <summary>Who may lift a retention before its time.</summary>
public enum RetentionMode
{
    /// <summary>Whoever has <c>s3:BypassGovernanceRetention</c>.</summary>
    Governance,

    /// <summary>Nobody, the owner of the account included.</summary>
    Compliance,
}
