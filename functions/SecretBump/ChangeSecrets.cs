using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.SecretBump;

/// <summary>Brings new tags into applications' secrets and from there to healthy pods, and back.</summary>
public sealed class ChangeSecrets(ChangeEngine engine, AppsReader apps, IHostStorage storage)
{
    private const int ComplaintsShown = 5;

    /// <summary>Makes a change that the door, or a message, put into its application's line.</summary>
    [Function("ChangeOnRequest")]
    public async Task<ChangeReport> OnRequest([QueueTrigger(Queues.SecretChanges)] string message, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Read here and not bound, so that a message is checked as strictly as at the door, and every problem is told.
        var problems = new ListProblems();
        var change = SecretChange.Command.Read(message, problems) ?? throw new FunctionFailedException($"The change cannot be made:\n{string.Join('\n', problems.Messages)}")
        {
            Kind = FailureKind.Unprocessable,
            Retryable = false,
        };
        return await MakeAsync(change, context);
    }

    /// <summary>
    /// Takes a change from RabbitMQ and puts it into its application's line, in the order of the messages, so that it keeps its place among
    /// those that came through the door. Its sender may change the applications that scopes.json
    /// gives it: none by default.
    /// </summary>
    [Function("ChangeOnMessage")]
    [Scoped]
    public async Task<HandedOver> OnMessage([RabbitMQTrigger("%SecretBump:RabbitMQQueue%", OneAtATime = true)] string message, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var problems = new ListProblems();
        var change = SecretChange.Command.Read(message, problems);
        if (change is ApproveRequest)
        {
            problems.Add("change", "an approval needs a key of its own, which only the door sees; send it there");
        }

        if (change is null or ApproveRequest)
        {
            throw MessageFormatException.Of<SecretChange>(problems);
        }

        context.Require(change.Application);
        var accepted = await storage.Queues.EnqueueAsync(
            EnqueueRequest.For(SecretChange.Command, change) with
            {
                // The broker may deliver it twice. Who sends what looks like another's message must not stand in for it.
                IdempotencyKey = $"{context.Caller}/{context.RunId}",
                Caller = context.Caller,
                TraceParent = context.Activity?.Id,
            },
            context.CancellationToken);
        return new HandedOver(accepted.RunId.ToString());
    }

    /// <summary>Looks at the store again when somebody asks.</summary>
    [Function("RefreshOnRequest")]
    public async Task<RefreshReport> RefreshOnRequest([QueueTrigger(Queues.SecretRefresh)] AppsRefresh request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.Application is { } application && !PlaceName.IsValid(application))
        {
            throw new MessageFormatException(typeof(AppsRefresh), "$.application", $"a name is {PlaceName.Rule}.");
        }

        return await RefreshAsync(request.Application, context);
    }

    /// <summary>Looks at the whole store.</summary>
    [Function("RefreshOnSchedule")]
    public Task<RefreshReport> RefreshOnSchedule([TimerTrigger("%SecretBump:RefreshSchedule%")] TimerInfo timer, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return RefreshAsync(null, context);
    }

    private async Task<ChangeReport> MakeAsync(SecretChange change, FunctionContext context)
    {
        try
        {
            var report = await engine.RunAsync(change, context.RunId.ToString(), context.Caller, context.ReportProgress, context.CancellationToken);
            var complaints = report.Environments.Where(environment => environment.IsComplaint).ToList();
            return complaints.Count == 0 ? report : throw Failed(change, report, complaints);
        }
        catch (ChangeException e)
        {
            throw new FunctionFailedException($"{e.Cause}. {e.Remedy}") { Kind = e.Kind, Retryable = false };
        }
        catch (SecretStoreException e) when (Failure.Of(e) is { } failure)
        {
            throw new FunctionFailedException($"{failure.Cause}. {failure.Remedy}") { Kind = failure.Kind, Retryable = failure.IsTransient && change is not ImportRequest };
        }
    }

    // An import is never kept for another try, so that nothing of it outlives its run.
    private static FunctionFailedException Failed(SecretChange change, ChangeReport report, List<EnvironmentReport> complaints)
    {
        var shown = complaints.Take(ComplaintsShown).Select(environment => $"\n{environment.Environment}: {environment.Cause}. {environment.Remedy}");
        var rest = complaints.Count > ComplaintsShown ? $"\nand {complaints.Count - ComplaintsShown} more" : "";
        return new FunctionFailedException(
            $"{complaints.Count} of {report.Environments.Count} environments of {report.Application} are not as asked for:{string.Concat(shown)}{rest}")
        {
            Kind = complaints.Max(environment => environment.Kind ?? FailureKind.Failed),
            Retryable = complaints.Exists(environment => environment.IsTransient) && change is not ImportRequest,
            Report = JsonSerializer.Serialize(report, ReportJson.Default.ChangeReport),
        };
    }

    private async Task<RefreshReport> RefreshAsync(string? application, FunctionContext context)
    {
        try
        {
            var report = await apps.RefreshAsync(application, context.ReportProgress, context.CancellationToken);
            return report.Problems.Count == 0 ? report : throw FunctionFailedException.Final(
                $"{report.Problems.Count} applications could not be read:\n{string.Join('\n', report.Problems.Take(ComplaintsShown))}", report, ReportJson.Default.RefreshReport);
        }
        catch (SecretStoreException e) when (Failure.Of(e) is { } failure)
        {
            throw new FunctionFailedException($"{failure.Cause}. {failure.Remedy}") { Kind = failure.Kind, Retryable = false };
        }
    }
}
