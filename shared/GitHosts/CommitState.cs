namespace Ebb.GitHosts;

/// <summary>The states that all hosts know.</summary>
public enum CommitState
{
    /// <summary>In progress.</summary>
    Pending = 1,

    /// <summary>It worked.</summary>
    Success,

    /// <summary>It did not.</summary>
    Failure,
}
