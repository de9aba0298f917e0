using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.Keeping;

/// <summary>What somebody asked for beyond what the pull request says.</summary>
/// <param name="Create">A preview, also where it sleeps.</param>
/// <param name="Removal">The end of it, and why.</param>
internal sealed record Demand(bool Create, RemovalReason? Removal)
{
    /// <summary>As the pull request says.</summary>
    public static Demand None { get; } = new(false, null);
}
