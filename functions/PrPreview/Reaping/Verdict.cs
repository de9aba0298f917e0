using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.Reaping;

/// <summary>What the reaper makes of a preview.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>It stays.</summary>
    public sealed record Stays : Verdict;

    /// <summary>It is over.</summary>
    public sealed record Over(RemovalReason Reason, string Why) : Verdict
    {
        /// <summary>Its removal has begun before and has not come to an end.</summary>
        public bool HasBegun { get; init; }
    }

    /// <summary>Its author is to be warned.</summary>
    public sealed record Due(string Why) : Verdict;

    /// <summary>Nothing can be said.</summary>
    public sealed record Unknown(string Why) : Verdict;
}
