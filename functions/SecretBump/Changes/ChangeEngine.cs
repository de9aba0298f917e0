using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using Ebb.Storage.Exclusion;
using Ebb.Worker;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Changes;

/// <summary>
/// Makes a change in every environment that it concerns. One that fails does not stop the others, except those whose policy says that they
/// come after it.
/// </summary>
public sealed partial class ChangeEngine(
    PatientStore store,
    EnvironmentMemory memory,
    ExclusiveKeys keys,
    BumpChange bumps,
    RollbackChange rollbacks,
    PinChange pins,
    ImportChange imports,
    SealedImports boxes,
    BumpOptions options,
    TimeProvider time,
    ILogger<ChangeEngine> logger)
{
    private delegate Task<EnvironmentReport> Make(SecretPlace place, ChangeRun run, StepLog steps, CancellationToken cancellationToken);

    /// <summary>Makes the change and reports on each environment.</summary>
    /// <exception cref="ChangeException">The change concerns no environment, or cannot be read.</exception>
    public async Task<ChangeReport> RunAsync(SecretChange change, string runId, string? by, Action<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (started, began) = (time.GetUtcNow(), time.GetTimestamp());
        var run = new ChangeRun(runId, by, progress, time) { IsDry = change is BumpRequest { DryRun: true } or RollbackRequest { DryRun: true } or ImportRequest { DryRun: true } };
        var report = new ChangeReport
        {
            Change = NameOf(change),
            Application = change.Application,
            By = by,
            Started = started,
            Duration = default,
            Outcome = ChangeOutcome.Unchanged,
            Environments = [],
        };
        report = change switch
        {
            BumpRequest bump => await BumpAsync(report, bump, run, cancellationToken),
            RollbackRequest rollback => await OneAsync(report with { Tag = rollback.To, DryRun = rollback.DryRun }, rollback.Environment, run, (place, held, steps, token) => rollbacks.RunAsync(place, rollback, held, steps, token), cancellationToken),
            PinRequest pin => await OneAsync(report, pin.Environment, run, (place, held, steps, token) => pins.PinAsync(place, pin.Reason, held, steps, token), cancellationToken),
            UnpinRequest unpin => await OneAsync(report, unpin.Environment, run, (place, held, _, token) => pins.UnpinAsync(place, held, token), cancellationToken),
            ApproveRequest approval => await ApproveAsync(report, approval, run, cancellationToken),
            ImportRequest import => await ImportAsync(report with { DryRun = import.DryRun }, import, run, cancellationToken),
            _ => throw new InvalidOperationException($"A {change.GetType().Name} cannot be made; add it here."),
        };
        return report with { Duration = time.GetElapsedTime(began), Outcome = OutcomeOf(report.Environments) };
    }

    private static string NameOf(SecretChange change) => change switch
    {
        BumpRequest => "bump",
        RollbackRequest => "rollback",
        PinRequest => "pin",
        UnpinRequest => "unpin",
        ApproveRequest => "approve",
        _ => "import",
    };

    private static ChangeOutcome OutcomeOf(IReadOnlyList<EnvironmentReport> environments)
    {
        var complaints = environments.Count(environment => environment.IsComplaint);
        return complaints == environments.Count ? ChangeOutcome.Failed
            : complaints > 0 ? ChangeOutcome.Partial
            : environments.Any(environment => environment.Action is ChangeAction.AwaitingApproval or ChangeAction.WouldAsk) ? ChangeOutcome.AwaitingApproval
            : environments.All(environment => environment.Action == ChangeAction.Unchanged) ? ChangeOutcome.Unchanged
            : ChangeOutcome.Changed;
    }

    private async Task<ChangeReport> BumpAsync(ChangeReport report, BumpRequest request, ChangeRun run, CancellationToken cancellationToken)
    {
        var environments = await EnvironmentsAsync(request, run, cancellationToken);
        var done = new Dictionary<string, EnvironmentReport>(StringComparer.Ordinal);
        foreach (var level in environments.GroupBy(options.DepthOf).OrderBy(level => level.Key))
        {
            var reports = await Task.WhenAll(level.Select(environment => BumpAsync(environment, request, done, run, cancellationToken)));
            foreach (var one in reports)
            {
                done.Add(one.Environment, one);
            }
        }

        return report with { Tag = request.NewTag, Build = request.Build, Commit = request.Commit, DryRun = request.DryRun, Environments = [.. done.Values] };
    }

    private Task<EnvironmentReport> BumpAsync(
        string environment, BumpRequest request, Dictionary<string, EnvironmentReport> done, ChangeRun run, CancellationToken cancellationToken)
    {
        var before = options.PolicyOf(environment).After is { } name ? done.GetValueOrDefault(name) : null;
        if (before is { IsComplaint: true } or { Action: ChangeAction.AwaitingApproval or ChangeAction.WouldAsk })
        {
            return Task.FromResult(new EnvironmentReport
            {
                Environment = environment,
                Action = ChangeAction.Skipped,
                Kind = before.Kind ?? FailureKind.Conflict,
                IsTransient = before.IsTransient,
                Fault = "order",
                Cause = before.IsComplaint ? $"'{before.Environment}', which comes before, failed" : $"'{before.Environment}', which comes before, waits for approval",
                Remedy = "Ask again for this environment when it runs there.",
            });
        }

        var order = BumpOrder.Of(request, run.By) with { BeforeIsAssumed = request.DryRun && before is not null };
        return TryAsync(request.Application, environment, run, (place, held, steps, token) => bumps.RunAsync(place, order, held, steps, token), cancellationToken);
    }

    private async Task<IReadOnlyList<string>> EnvironmentsAsync(BumpRequest request, ChangeRun run, CancellationToken cancellationToken)
    {
        if ((request.Environments ?? options.DefaultEnvironments) is { Count: > 0 } named)
        {
            return named;
        }

        var found = await store.TryAsync(secrets => secrets.EnvironmentsAsync(request.Application, cancellationToken), run.Progress, cancellationToken);
        return found.Count > 0 ? found : throw new ChangeException(
            FailureKind.NotFound, "unknown", $"{store.Description} holds no application '{request.Application}'", "Check the name, or import the application first.");
    }

    private async Task<ChangeReport> OneAsync(
        ChangeReport report, string environment, ChangeRun run, Make make, CancellationToken cancellationToken) =>
        report with { Environments = [await TryAsync(report.Application, environment, run, make, cancellationToken)] };

    private async Task<ChangeReport> ApproveAsync(ChangeReport report, ApproveRequest request, ChangeRun run, CancellationToken cancellationToken)
    {
        var known = await memory.ReadAsync(SecretPlace.Parse(request.Application, request.Environment), cancellationToken);
        var pending = known.Pending;
        report = report with { Tag = request.NewTag, By = pending?.By, ApprovedBy = run.By, Build = pending?.Build, Commit = pending?.Commit };
        return await OneAsync(report, request.Environment, run, (place, held, steps, token) =>
            bumps.RunAsync(place, Approved(request, known, run), held, steps, token), cancellationToken);
    }

    private static BumpOrder Approved(ApproveRequest request, EnvironmentDocument known, ChangeRun run) => known.Pending switch
    {
        // Approved already: there is nothing left to do but to follow it.
        null when known.CurrentTag == request.NewTag => new BumpOrder { Tag = request.NewTag, By = run.By },
        null => throw new ChangeException(FailureKind.NotFound, "nothing-waits", "no bump waits for approval", "Bump first; who bumps gets awaitingApproval."),
        { } pending when pending.Tag != request.NewTag => throw new ChangeException(
            FailureKind.Conflict, "another-tag", $"{pending.Tag} waits for approval, not {request.NewTag}", "Look at what it is, and approve that."),
        { } pending when run.By is null || CallerNames.MayBeOne(pending.By, run.By) => throw new ChangeException(
            FailureKind.Forbidden, "same-key", $"'{run.By}' asked for it and cannot approve it", "Approve with another key."),
        { } pending => BumpOrder.Of(pending, run.By),
    };

    private async Task<ChangeReport> ImportAsync(ChangeReport report, ImportRequest request, ChangeRun run, CancellationToken cancellationToken)
    {
        var secrets = await boxes.OpenAsync(request, cancellationToken);
        var reports = new List<EnvironmentReport>();
        foreach (var (environment, values) in secrets.Environments)
        {
            reports.Add(await TryAsync(report.Application, environment, run, (place, held, steps, token) => imports.RunAsync(place, values, request.DryRun, held, steps, token), cancellationToken));
        }

        return report with { Environments = reports };
    }

    private async Task<EnvironmentReport> TryAsync(
        string application, string environment, ChangeRun run, Make make, CancellationToken cancellationToken)
    {
        var place = SecretPlace.Parse(application, environment);
        var steps = run.StepsFor(place);
        try
        {
            return await (run.IsDry ? make(place, run, steps, cancellationToken) : HeldAsync(place, run, steps, make, cancellationToken)) with { Steps = steps.Steps };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(place, e) with { Steps = steps.Steps };
        }
    }

    private Task<EnvironmentReport> HeldAsync(SecretPlace place, ChangeRun run, StepLog steps, Make make, CancellationToken cancellationToken) => keys.HoldAsync(
        HeldEnvironment.KeyOf(place),
        run.Id,
        async (hold, token) =>
        {
            var held = new HeldEnvironment(place, run.Id, hold);
            await held.EnterAsync(token);
            return await make(place, run with { Held = held }, steps, token);
        },
        cancellationToken);

    private EnvironmentReport Failed(SecretPlace place, Exception exception)
    {
        if (Failure.Of(exception) is not { } failure)
        {
            LogUnforeseen(exception, place);
            failure = new Failure(FailureKind.Failed, "other", $"{exception.GetType().Name} at an unforeseen place", "This is a defect of SecretBump; its log has the details.");
        }

        LogFailed(place, failure.Fault, failure.Cause, failure.Remedy);
        return new EnvironmentReport
        {
            Environment = place.Environment,
            Action = ChangeAction.Failed,
            Kind = failure.Kind,
            IsTransient = failure.IsTransient,
            Fault = failure.Fault,
            Cause = failure.Cause,
            Remedy = failure.Remedy,
        };
    }
}
