using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Telling;
using Ebb.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>Moves previews from state to state: what is stored, what the run shows and what the pull request is told say the same.</summary>
internal sealed class PreviewJournal(PullRequestMemory memory, Teller teller, Pace pace, TimeProvider time)
{
    private const int MaxCause = 2000;

    /// <summary>Stores the state and tells it.</summary>
    public async Task MoveAsync(PreviewAttempt attempt, PreviewState state, string? cause, RemovalReason? removal, CancellationToken cancellationToken)
    {
        // Servers may say very much; a document and a person take less.
        cause = cause is { Length: > MaxCause } ? cause[..MaxCause] + "…" : cause;
        if (attempt.HeadSha is { } sha)
        {
            attempt.Known = await attempt.Documents.WriteAsync(attempt.Known, After(attempt, sha, state, cause, removal), cancellationToken);
        }

        attempt.Context.ReportProgress(Line(attempt, state, cause));
        // Under the key, which is what keeps tellings in order: no host edits a comment on the condition that it still says something, so of two
        // that are told without it the older one may be the last to arrive, and stays. Only runs of the same preview wait for it, for no longer
        // than a telling may take, and waiting uses up none of their attempts.
        attempt.Untold = await teller.TellAsync(attempt.Subject.PullRequest, NoticeOf(attempt, state, cause, removal), cancellationToken);
    }

    /// <summary>Notes that objects are about to be written, before they are.</summary>
    public static async Task NoteWritingAsync(PreviewAttempt attempt, CancellationToken cancellationToken) =>
        attempt.Known = await attempt.Documents.WriteAsync(attempt.Known, attempt.Known! with { Written = new WrittenObjects() }, cancellationToken);

    /// <summary>Stores the state, and ends the attempt until it is time to look again.</summary>
    /// <returns>Never, unless the time is over: then the caller says what follows.</returns>
    /// <exception cref="FunctionPostponedException">The run goes on later.</exception>
    public async Task WaitAsync(PreviewAttempt attempt, PreviewState state, string? cause, TimeSpan limit, CancellationToken cancellationToken)
    {
        await MoveAsync(attempt, state, cause, attempt.Known?.Removal, cancellationToken);
        var waited = attempt.Known is { } known ? time.GetUtcNow() - BeginOf(attempt, known) : TimeSpan.Zero;
        if (waited < limit)
        {
            await memory.ChangeAsync(
                attempt.Subject.PullRequest.Key, kept => kept with { WaitingRun = attempt.Context.RunId.ToString(), AskedAt = time.GetUtcNow() }, cancellationToken);
            throw Postponed(attempt, state, cause, waited);
        }
    }

    /// <summary>The end of an attempt until it is time to look again.</summary>
    public FunctionPostponedException Postponed(PreviewAttempt attempt, PreviewState state, string? cause, TimeSpan waited) =>
        new(pace.After(waited), Line(attempt, state, cause));

    /// <summary>The end of a run that did not come to what was wanted.</summary>
    public static FunctionFailedException Failed(PreviewAttempt attempt, string cause) => FunctionFailedException.Final(
        $"The preview {attempt.Subject.Name} failed: {cause}", attempt.Report(PreviewOutcome.Failed, cause), PreviewJson.Default.PreviewReport);

    // A run that takes a removal up which an earlier one gave up has the whole time, not a single look.
    private static DateTimeOffset BeginOf(PreviewAttempt attempt, Preview known) =>
        known.State is PreviewState.Removing && attempt.Context.EnqueuedAt is { } asked && asked > known.Since ? asked : known.Since;

    private static string Line(PreviewAttempt attempt, PreviewState state, string? cause) =>
        cause is null ? $"{attempt.Subject.Name}: {Words(state)}" : $"{attempt.Subject.Name}: {Words(state)}: {cause}";

    private Preview After(PreviewAttempt attempt, CommitSha sha, PreviewState state, string? cause, RemovalReason? removal)
    {
        var (known, now) = (attempt.Known, time.GetUtcNow());
        var isNew = known is null or { State: PreviewState.Removed } && state is not PreviewState.Removed;
        var isActivity = state is not (PreviewState.Removing or PreviewState.Removed) && (isNew || known!.HeadSha != sha || attempt.Occasion.Demand.Create);
        return new Preview
        {
            Name = attempt.Subject.Name.Value,
            App = attempt.Subject.App,
            Number = attempt.Subject.PullRequest.Number,
            Server = attempt.Subject.PullRequest.Server,
            Host = attempt.Subject.PullRequest.Host,
            Repository = attempt.Subject.PullRequest.Repository,
            Url = attempt.Url,
            HeadSha = sha,
            State = state,
            Cause = cause,
            CreatedAt = isNew || known is null ? now : known.CreatedAt,
            Since = known?.State == state && known.HeadSha == sha ? known.Since : now,
            LastActivityAt = isActivity || known is null ? now : known.LastActivityAt,
            WarnedAt = isActivity ? null : known?.WarnedAt,
            Removal = removal,
            LeftOut = attempt.LeftOut is { } leftOut ? LeftOutKeys.Text(leftOut) : known?.LeftOut,
            Written = state is PreviewState.Removed ? null : known?.Written,
        };
    }

    private static Notice NoticeOf(PreviewAttempt attempt, PreviewState state, string? cause, RemovalReason? removal) => new()
    {
        State = state is PreviewState.Removed ? Words(removal) : Words(state),
        Url = state is PreviewState.Ready ? attempt.Url : null,
        Commit = attempt.HeadSha,
        Cause = cause,
        LeftOut = attempt.LeftOut ?? LeftOutKeys.List(attempt.Known?.LeftOut),
        IsNews = state is not (PreviewState.Removing or PreviewState.Removed),
        Status = state switch
        {
            PreviewState.Ready => CommitState.Success,
            PreviewState.Failed => CommitState.Failure,
            PreviewState.Removing or PreviewState.Removed => null,
            _ => CommitState.Pending,
        },
    };

    private static string Words(PreviewState state) => state switch
    {
        PreviewState.WaitingForPlace => "waiting for a place",
        PreviewState.WaitingForImage => "waiting for image",
        PreviewState.Preparing or PreviewState.Starting => "starting",
        PreviewState.Ready => "ready",
        PreviewState.Failed => "failed",
        PreviewState.Removing => "being removed",
        _ => "removed",
    };

    private static string Words(RemovalReason? reason) => reason switch
    {
        RemovalReason.Expired => "removed, because nothing happened for a while; push a commit to bring it back",
        RemovalReason.ByHand => "removed by hand; push a commit to bring it back",
        _ => "removed",
    };
}
