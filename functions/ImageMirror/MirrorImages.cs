using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.Worker;

namespace Ebb.ImageMirror;

/// <summary>Brings approved upstream images into the target registry, signed.</summary>
public sealed class MirrorImages(MirrorEngine engine, MirrorOptions options)
{
    private const int ComplaintsShown = 5;

    /// <summary>Mirrors the configured list.</summary>
    [Function("MirrorOnSchedule")]
    public Task<MirrorReport> OnSchedule([TimerTrigger("%ImageMirror:Schedule%")] TimerInfo timer, FunctionContext context) =>
        MirrorAsync(new MirrorRequest(), context);

    /// <summary>Mirrors what a request asks for; an empty one means the configured list.</summary>
    [Function("MirrorOnRequest")]
    public Task<MirrorReport> OnRequest([QueueTrigger(Queues.ImageMirror)] string message, FunctionContext context) =>
        MirrorAsync(message, context, static problems => Refused("The request cannot be carried out", problems));

    /// <summary>
    /// Mirrors what a RabbitMQ message asks for; where no RabbitMQ is configured it is off. What cannot be read goes to the poison queue:
    /// its sender sees no run here.
    /// </summary>
    [Function("MirrorOnMessage")]
    public Task<MirrorReport> OnMessage([RabbitMQTrigger("%ImageMirror:RabbitMQQueue%")] string message, FunctionContext context) =>
        MirrorAsync(message, context, static problems => new MessageFormatException(typeof(MirrorRequest), "$", string.Join('\n', problems.Messages)));

    private Task<MirrorReport> MirrorAsync(string message, FunctionContext context, Func<ListProblems, Exception> refused)
    {
        // Read here and not bound, so that a message is checked as strictly as at the door, and every problem is told.
        var problems = new ListProblems();
        return MirrorRequestReader.Read(message, problems) is { } request ? MirrorAsync(request, context) : throw refused(problems);
    }

    private async Task<MirrorReport> MirrorAsync(MirrorRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (target, images) = await ChooseAsync(request, context.CancellationToken);
        var report = await engine.RunAsync(target, images, request.DryRun, context.ReportProgress, context.CancellationToken);
        var complaints = report.Complaints.ToList();
        return complaints.Count == 0 ? report : throw FunctionFailedException.Final(Summary(report, complaints), report, ReportJson.Default.MirrorReport);
    }

    private async Task<(string Target, IReadOnlyList<MirrorImage> Images)> ChooseAsync(MirrorRequest request, CancellationToken cancellationToken)
    {
        if (request.Images is { } asked && options.Target is { } configured)
        {
            return (configured, asked);
        }

        var problems = new ListProblems();
        var list = await ImagesFile.ReadAsync(options.ImagesFile, problems, cancellationToken) ?? throw Refused("The images file cannot be used", problems);
        var target = options.Target ?? list.Target ?? throw Refused("There is no target", "Write target: into the images file, or set ImageMirror:Target.");
        return (target, request.Images ?? list.Images);
    }

    private static FunctionFailedException Refused(string what, ListProblems problems) => Refused(what, string.Join('\n', problems.Messages));

    private static FunctionFailedException Refused(string what, string why) => new($"{what}:\n{why}") { Retryable = false };

    private static string Summary(MirrorReport report, List<MirrorLine> complaints)
    {
        var shown = complaints.Take(ComplaintsShown).Select(line => $"\n{line.Source}: {line.Cause} {line.Remedy}");
        var rest = complaints.Count > ComplaintsShown ? $"\nand {complaints.Count - ComplaintsShown} more" : "";
        return $"{complaints.Count} of {report.Images.Count} images need attention ({report.Totals}):{string.Concat(shown)}{rest}";
    }
}
