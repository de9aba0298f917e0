using Ebb.Contracts.Secrets;

namespace Ebb.SecretBump.Changes;

/// <summary>A tag for one environment.</summary>
internal sealed record BumpOrder
{
    /// <summary>The tag.</summary>
    public required string Tag { get; init; }

    /// <summary>The build that made it.</summary>
    public string? Build { get; init; }

    /// <summary>The commit it was built from.</summary>
    public string? Commit { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? By { get; init; }

    /// <summary>The second key that approved it; null: none has.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Only says what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>With <see cref="DryRun"/>: that the environment before this one is taken to be healthy by then.</summary>
    public bool BeforeIsAssumed { get; init; }

    public static BumpOrder Of(BumpRequest request, string? by) =>
        new() { Tag = request.NewTag, Build = request.Build, Commit = request.Commit, By = by, DryRun = request.DryRun };

    public static BumpOrder Of(PendingApproval pending, string approvedBy) =>
        new() { Tag = pending.Tag, Build = pending.Build, Commit = pending.Commit, By = pending.By, ApprovedBy = approvedBy };
}
