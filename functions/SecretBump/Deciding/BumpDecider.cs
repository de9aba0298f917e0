using System.Globalization;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Stores;
using Ebb.Worker;

namespace Ebb.SecretBump.Deciding;

/// <summary>Decides what becomes of a bump in one environment. Asks nobody and changes nothing: the same question has the same verdict.</summary>
internal static class BumpDecider
{
    // The first that has something to say decides.
    private static readonly Func<BumpQuestion, Verdict?>[] Rules = [There, Same, OfAnEarlierBuild, Pinned, TooEarly, OutsideTheWindow, NeedsApproval];

    public static Verdict Decide(BumpQuestion question) =>
        Rules.Select(rule => rule(question)).FirstOrDefault(verdict => verdict is not null) ?? new Verdict.Write();

    private static Verdict.Refuse? There(BumpQuestion question) => question.Stored switch
    {
        { Version: null } => new(FailureKind.NotFound, "unknown", $"the application '{question.Known.Application}' has no environment '{question.Known.Environment}'", "Check both names, or import the environment first."),
        { Deleted: true, Version: var version } => new(FailureKind.Conflict, "deleted", $"the newest version {version} was deleted, so what belongs beside the tag is not there", "Undelete it, or roll back to an earlier version."),
        _ => null,
    };

    private static Verdict? Same(BumpQuestion question) =>
        question.Stored.Tag != question.Tag ? null : question.Known.HealthyVersion == question.Stored.Version ? new Verdict.Nothing() : new Verdict.Follow();

    // A late repetition of a build must not undo what came after it. One that was rolled back because it did not run may be tried again.
    private static Verdict.Refuse? OfAnEarlierBuild(BumpQuestion question) =>
        question.Build is { } build && (question.Known.Changes is [{ Change: "rollback", Build: not null }, ..] ? null : EarlierVersion(question, build)) is { } applied
            ? new(FailureKind.Conflict, "overtaken", $"{applied} and has been replaced since by {question.Stored.Tag ?? "a version without a tag"} (version {question.Stored.Version})", "To go back to it, roll back.")
            : null;

    // What Ebb noted for itself, then the note beside the version, which outlives Ebb's own store; without either the order in the store is all there is.
    private static string? EarlierVersion(BumpQuestion question, string build)
    {
        if (question.Known.Changes.FirstOrDefault(change => change.Tag == question.Tag && change.Build == build && change.Change == "bump") is { } made)
        {
            return $"build {build} was applied already as version {made.Version}";
        }

        return question.Earlier.FirstOrDefault(version => BuildOf(question, version) is var known && (known is null || known == build)) is not { } version ? null
            : BuildOf(question, version) is null ? string.Create(CultureInfo.InvariantCulture, $"{question.Tag} was written already as version {version.Id} at {version.Created:u}, by whom and of which build is not recorded,")
            : $"build {build} was applied already as version {version.Id}";
    }

    private static string? BuildOf(BumpQuestion question, StoredVersion version) =>
        version.Note is { } note ? note.Build ?? "" : question.Known.Changes.FirstOrDefault(change => change.Version == version.Id) is { } change ? change.Build ?? "" : null;

    private static Verdict.Refuse? Pinned(BumpQuestion question) => question.Known.Pin is { } pin
        ? new(
            FailureKind.Conflict, "pinned",
            string.Create(CultureInfo.InvariantCulture, $"it is pinned to {pin.Tag} by {pin.By ?? "somebody"} since {pin.At:u}{(pin.Reason is null ? "" : $" ({pin.Reason})")}"),
            "Unpin it first.")
        : null;

    private static Verdict.Refuse? TooEarly(BumpQuestion question) => question.Policy.After is { } before && !HasRun(question.Before, question.Tag)
        ? new(FailureKind.Conflict, "order", $"{question.Tag} was not yet seen running healthily in '{before}', which comes before", $"Bump '{before}' first.")
        : null;

    private static Verdict.Refuse? OutsideTheWindow(BumpQuestion question) => question.Policy.Window is { } window && !window.IsOpen(question.Now)
        ? new(FailureKind.Conflict, "window", $"it is changed only {window}", "Ask again then.")
        : null;

    private static Verdict.Ask? NeedsApproval(BumpQuestion question) => question.Policy.Approval && !question.Approved ? new() : null;

    private static bool HasRun(EnvironmentDocument? before, string tag) => before is not null
        && ((before.CurrentTag == tag && before.CurrentVersion is not null && before.HealthyVersion == before.CurrentVersion)
            || before.Changes.Any(change => change.Tag == tag && change.Healthy));
}
