using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Deciding;

/// <summary>All that decides what becomes of a bump in one environment.</summary>
internal sealed record BumpQuestion
{
    /// <summary>The tag that is asked for.</summary>
    public required string Tag { get; init; }

    /// <summary>The build that made it.</summary>
    public string? Build { get; init; }

    /// <summary>Whether a second key has approved it.</summary>
    public bool Approved { get; init; }

    /// <summary>What the store holds.</summary>
    public required StoredState Stored { get; init; }

    /// <summary>The versions of the tag that the store holds beside the newest, newest first.</summary>
    public IReadOnlyList<StoredVersion> Earlier { get; init; } = [];

    /// <summary>What is known of the environment.</summary>
    public required EnvironmentDocument Known { get; init; }

    /// <summary>What is known of the environment that comes before, if the policy names one.</summary>
    public EnvironmentDocument? Before { get; init; }

    /// <summary>What holds for the environment.</summary>
    public required EnvironmentPolicy Policy { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>What the store holds.</summary>
/// <param name="Version">The newest version; null: there is no such secret.</param>
/// <param name="Deleted">Whether that version is deleted.</param>
/// <param name="Tag">The tag in it; null when it has none.</param>
internal sealed record StoredState(string? Version, bool Deleted, string? Tag);
