namespace Ebb.Kubernetes;

/// <summary>What a deletion came to.</summary>
public enum DeleteResult
{
    /// <summary>The object was not there.</summary>
    NotThere,

    /// <summary>The object is accepted for deletion and may still be there: finalizers, grace periods and namespace contents take time.</summary>
    Accepted,
}
