using Ebb.Worker;

namespace Ebb.SecretBump.Deciding;

/// <summary>What is to be done about a bump in one environment.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The tag is there and was seen running healthily: nothing.</summary>
    public sealed record Nothing : Verdict;

    /// <summary>The tag is there, and nobody has seen it running yet: follow its rollout, write nothing.</summary>
    public sealed record Follow : Verdict;

    /// <summary>Write the tag, then follow its rollout.</summary>
    public sealed record Write : Verdict;

    /// <summary>Note it, for a second key to approve.</summary>
    public sealed record Ask : Verdict;

    /// <summary>It cannot be.</summary>
    /// <param name="Kind">Whose turn it is.</param>
    /// <param name="Fault">One word for programs.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="Remedy">What to do.</param>
    public sealed record Refuse(FailureKind Kind, string Fault, string Cause, string Remedy) : Verdict;
}
