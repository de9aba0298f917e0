using Ebb.Contracts;
using Ebb.ImageMirror.Reports;
using Ebb.Oci;
using Microsoft.Extensions.Logging;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Mirrors a list of images. Images that fail do not stop the others. May run several times at once: every write is
/// idempotent, and within a process runs take turns at each tag.
/// </summary>
public sealed partial class MirrorEngine(
    RegistryClients registries, MirrorSigning signing, MirrorMemory memory, MirrorOptions options, TimeProvider time, ILogger<MirrorEngine> logger)
{
    private readonly KeyedLocks _locks = new();

    /// <summary>Mirrors the images and reports on each.</summary>
    /// <param name="order">What to mirror, and where to.</param>
    /// <param name="progress">Told where the run stands.</param>
    /// <param name="cancellationToken">Stops the run between any two requests; what was done stays and is found by the next.</param>
    public async Task<MirrorReport> RunAsync(MirrorOrder order, Action<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(progress);
        var started = time.GetTimestamp();
        var startedAt = time.GetUtcNow();
        var place = TargetPlace.Parse(order.Target);
        using var run = Begin(place, await signing.GetSignerAsync(order.Adhoc is not null, cancellationToken), order.DryRun);
        await run.Verified.LoadAsync(cancellationToken);
        var work = await ResolveAsync(place, order, cancellationToken);
        var lines = new MirrorLine[work.Count];
        var done = 0;
        progress($"0 of {work.Count} images");
        await ForEachAsync(work, async (item, i, token) =>
        {
            lines[i] = item.Entry is null ? item.Line : await MirrorAsync(run, item, token);
            progress($"{Interlocked.Increment(ref done)} of {work.Count} images; last {lines[i].Target}: {ActionNames.Of(lines[i].Action)}");
        }, cancellationToken);
        await run.Verified.PruneAsync(cancellationToken);
        return new MirrorReport
        {
            Started = startedAt,
            Duration = time.GetElapsedTime(started),
            DryRun = order.DryRun,
            Target = place.ToString(),
            Images = lines,
            Totals = MirrorTotals.Of(lines),
        };
    }

    private MirrorRun Begin(TargetPlace place, TargetSigner signer, bool dryRun)
    {
        var client = registries.For(place.Registry);
        var projects = new HarborProjects(client, options.CreateProjects, dryRun);
        var reader = new TargetReader(client, projects);
        return new MirrorRun
        {
            Registries = registries,
            Target = client,
            Reader = reader,
            Projects = projects,
            Place = place,
            Blobs = new BlobTransfers(client, reader, dryRun, options.MaxParallelBlobs),
            Quota = new SourceQuota(options.PullsToKeep, time),
            Signer = signer,
            Verified = new VerifiedBundles(memory, place, options.VerifyBundlesEvery, dryRun, time),
            Locks = _locks,
            DryRun = dryRun,
        };
    }

    private async Task<IReadOnlyList<WorkItem>> ResolveAsync(TargetPlace place, MirrorOrder order, CancellationToken cancellationToken)
    {
        var resolver = new TagResolver(registries);
        var resolved = new IReadOnlyList<WorkItem>[order.Images.Count];
        await ForEachAsync(order.Images, async (image, i, token) => resolved[i] = await ResolveAsync(resolver, place, order, image, token), cancellationToken);
        var targets = new HashSet<string>();
        return [.. resolved.SelectMany(items => items).Select(item => item.Tag is null || targets.Add(item.Line.Target) ? item : Conflicting(item))];
    }

    private async Task<IReadOnlyList<WorkItem>> ResolveAsync(
        TagResolver resolver, TargetPlace place, MirrorOrder order, MirrorImage image, CancellationToken cancellationToken)
    {
        var line = new MirrorLine { Source = image.Source, Target = $"{place}/{image.TargetName}", Action = MirrorAction.Failed };
        try
        {
            var entry = EntryOf(image, order);
            var (tags, note) = await resolver.ResolveAsync(entry, cancellationToken);
            return [.. tags.Select((tag, i) => new WorkItem(entry, tag, line with
            {
                Source = $"{entry.Source.Name}:{tag}",
                Tag = tag,
                Target = $"{line.Target}:{tag}",
                Notes = i == 0 && note is not null ? [note] : null,
            }))];
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return [new WorkItem(null, null, Failed(line, e))];
        }
    }

    private static MirrorEntry EntryOf(MirrorImage image, MirrorOrder order)
    {
        var entry = MirrorEntry.From(image);
        return entry with { IsAnonymous = order.Adhoc is { } adhoc && adhoc.Find(entry.Source) is not { Credentials: true } };
    }

    private async Task<MirrorLine> MirrorAsync(MirrorRun run, WorkItem item, CancellationToken cancellationToken)
    {
        try
        {
            var line = await run.Projects.WithProjectAsync(
                run.Place.RepositoryOf(item.Entry!.Name), () => new TagMirror(run, item.Entry, item.Tag!).MirrorAsync(item.Line, cancellationToken), cancellationToken);
            LogMirrored(line.Target, ActionNames.Of(line.Action), line.TargetDigest ?? "nothing", line.Moved.Bytes, line.Signatures);
            foreach (var note in line.Notes ?? [])
            {
                LogNote(line.Target, note);
            }

            return line;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(item.Line, e);
        }
    }

    private MirrorLine Failed(MirrorLine line, Exception exception)
    {
        if (Failure.Of(exception) is not { } failure)
        {
            LogUnforeseen(exception, line.Target);
            failure = new Failure("other", $"{exception.GetType().Name}: {exception.Message}", "This is a defect of the mirror; its log has the details.");
        }

        LogFailed(line.Source, line.Target, failure.Cause, failure.Remedy ?? "");
        return line with { Action = MirrorAction.Failed, Fault = failure.Fault, Cause = failure.Cause, Remedy = failure.Remedy };
    }

    private WorkItem Conflicting(WorkItem item) => new(null, null, Failed(item.Line, new MirrorException(
        "conflict", $"another entry of the list ends in {item.Line.Target} too", "Give one of the entries another name.")));

    private async Task ForEachAsync<T>(IReadOnlyList<T> items, Func<T, int, CancellationToken, Task> body, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            Enumerable.Range(0, items.Count),
            new ParallelOptions { MaxDegreeOfParallelism = options.MaxParallelImages, CancellationToken = cancellationToken },
            async (i, token) => await body(items[i], i, token));

    /// <summary>One tag to mirror, or with no entry a line that is final.</summary>
    private sealed record WorkItem(MirrorEntry? Entry, string? Tag, MirrorLine Line);
}
