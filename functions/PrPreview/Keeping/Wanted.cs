using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.Keeping;

/// <summary>What shall be of a preview.</summary>
internal abstract record Wanted
{
    private Wanted()
    {
    }

    /// <summary>The newest commit shall run.</summary>
    public sealed record Running : Wanted;

    /// <summary>Nothing of it shall be left.</summary>
    public sealed record Gone(RemovalReason Reason) : Wanted;

    /// <summary>It shall not be, and the pull request is told why; what there is of it goes, unless it is kept until more is known.</summary>
    public sealed record Refused(string Why, bool Keeps = false) : Wanted;

    /// <summary>It stays as it is.</summary>
    public sealed record Unchanged : Wanted;
}
