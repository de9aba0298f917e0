using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.ImageMirror;

/// <summary>
/// Brings approved upstream images into the target registry, signed. What is approved stands in the list; requests select from it, and
/// whoever wrote one is not believed here.
/// </summary>
public sealed class MirrorImages(MirrorEngine engine, MirrorOptions options)
{
    private const int ComplaintsShown = 5;

    private readonly OrderReader _orders = new(options);

    /// <summary>Mirrors the list.</summary>
    [Function("MirrorOnSchedule")]
    public Task<MirrorReport> OnSchedule([TimerTrigger("%ImageMirror:Schedule%")] TimerInfo timer, FunctionContext context) =>
        MirrorAsync(new MirrorRequest(), new ListProblems(), context, Unprocessable);

    /// <summary>Mirrors what a request selects from the list, or where it is allowed images outside it; an empty one means the whole list.</summary>
    [Function("MirrorOnRequest")]
    public Task<MirrorReport> OnRequest([QueueTrigger(Queues.ImageMirror)] string message, FunctionContext context)
    {
        // Read here and not bound, so that a message is checked as strictly as at the door, and every problem is told.
        var problems = new ListProblems();
        return MirrorAsync(MirrorRequest.Command.Read(message, problems), problems, context, Unprocessable);
    }

    /// <summary>
    /// Mirrors what a RabbitMQ message selects from the list; where no RabbitMQ is configured it is off. What is refused goes to the poison
    /// queue: its sender sees no run here.
    /// </summary>
    [Function("MirrorOnMessage")]
    public Task<MirrorReport> OnMessage([RabbitMQTrigger("%ImageMirror:RabbitMQQueue%")] string message, FunctionContext context)
    {
        var problems = new ListProblems();
        var request = MirrorRequest.Command.Read(message, problems);
        if (request?.Adhoc is not null)
        {
            problems.Add("adhoc", "images outside the list cannot be asked for by a RabbitMQ message, which shows no key: ask at POST /api/images/mirror, or have them approved in the list (ImageMirror:ImagesFile)");
        }

        return MirrorAsync(request, problems, context, MessageFormatException.Of<MirrorRequest>);
    }

    private async Task<MirrorReport> MirrorAsync(MirrorRequest? request, ListProblems problems, FunctionContext context, Func<ListProblems, Exception> refused)
    {
        ArgumentNullException.ThrowIfNull(context);
        var order = request is null || problems.Messages.Count > 0 ? null : await _orders.ReadAsync(request, problems, context.CancellationToken);
        var report = await engine.RunAsync(order ?? throw refused(problems), context.ReportProgress, context.CancellationToken);
        var complaints = report.Complaints.ToList();
        return complaints.Count == 0 ? report : throw FunctionFailedException.Final(Summary(report, complaints), report, ReportJson.Default.MirrorReport);
    }

    private static FunctionFailedException Unprocessable(ListProblems problems) => new($"The request cannot be carried out:\n{string.Join('\n', problems.Messages)}")
    {
        Kind = FailureKind.Unprocessable,
        Retryable = false,
    };

    private static string Summary(MirrorReport report, List<MirrorLine> complaints)
    {
        var shown = complaints.Take(ComplaintsShown).Select(line => $"\n{line.Source}: {line.Cause} {line.Remedy}");
        var rest = complaints.Count > ComplaintsShown ? $"\nand {complaints.Count - ComplaintsShown} more" : "";
        return $"{complaints.Count} of {report.Images.Count} images need attention ({report.Totals}):{string.Concat(shown)}{rest}";
    }
}
