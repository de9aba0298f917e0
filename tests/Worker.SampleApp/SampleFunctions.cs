using System.Diagnostics;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.SampleApp;

public sealed class SampleFunctions(WorkSteps steps)
{
    [Function("Work")]
    public async Task<WorkReport> Work([QueueTrigger("%Sample:Queue%")] WorkRequest request, FunctionContext context)
    {
        steps.Note(request.File, $"start {context.RunId} {Activity.Current?.TraceId}");
        switch (request.Do)
        {
            case "ok":
                break;
            case "fail":
                throw new InvalidOperationException("It was told to fail.");
            case "fail-once" when context.RetryContext.RetryCount == 0:
                throw new InvalidOperationException("It was told to fail once.");
            case "fail-for-good":
                throw FunctionFailedException.Final("It will never work.", new WorkReport("nothing", context.RetryContext.RetryCount, null), SampleJson.Default.WorkReport);
            case "conflict":
                throw new FunctionFailedException("Something is in the way.") { Kind = FailureKind.Conflict, Retryable = false };
            case "sleep":
                await Task.Delay(request.Milliseconds, context.CancellationToken);
                break;
            case "until-told":
                while (!File.Exists($"{request.File}.go"))
                {
                    await Task.Delay(20, context.CancellationToken);
                }

                break;
            case "wait-until-told" when !File.Exists($"{request.File}.go"):
                throw new FunctionPostponedException(TimeSpan.FromMilliseconds(request.Milliseconds), "waiting to be told");
            case "hang":
                await Task.Delay(request.Milliseconds, CancellationToken.None);
                break;
            case "block-cancellation":
                context.CancellationToken.Register(() => SpinWait.SpinUntil(() => File.Exists($"{request.File}.go")));
                await Task.Delay(request.Milliseconds, CancellationToken.None);
                break;
            case "break-cancellation":
                context.CancellationToken.Register(() => throw new InvalidOperationException("It breaks when it is cancelled."));
                await Task.Delay(request.Milliseconds, CancellationToken.None);
                break;
            case "progress":
                context.ReportProgress("half of it");
                await Task.Delay(request.Milliseconds, context.CancellationToken);
                break;
            case "die":
                Process.GetCurrentProcess().Kill();
                break;
        }

        steps.Note(request.File, $"end {context.RunId}");
        return new WorkReport(request.Do, context.RetryContext.RetryCount, context.Caller);
    }

    [Function("Patient")]
    [FixedDelayRetry(2, "00:00:00.050")]
    public static void Patient([QueueTrigger("patient")] string message) => throw new InvalidOperationException($"It cannot do {message}.");

    [Function("Tick")]
    public static void Tick([TimerTrigger("%Sample:Schedule%")] TimerInfo timer, FunctionContext context)
    {
        if (context.RetryContext.RetryCount > 0 || timer.IsPastDue)
        {
            throw new InvalidOperationException("A late tick.");
        }
    }

    [Function("Enqueue")]
    public static async Task<IResult> Enqueue([HttpTrigger("post", Route = "work")] HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var queue = request.Query["queue"].ToString();
        return RunAnswers.Enqueued(new EnqueueRequest { Queue = queue.Length == 0 ? "work" : queue, Body = await reader.ReadToEndAsync() });
    }

    [Function("Hello")]
    public static IResult Hello([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hello/{name?}")] HttpRequest request) =>
        Results.Text($"hello {request.RouteValues["name"]}");

    [Function("Slow")]
    public static async Task<IResult> Slow([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
    {
        await Task.Delay(int.Parse(request.Query["ms"]!), context.CancellationToken);
        return Results.Text("slow");
    }

    [Function("Broken")]
    public static IResult Broken([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        throw new InvalidOperationException($"secret words about {request.Path}");

    [Function("Guarded")]
    public static IResult Guarded([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text("master only");

    [Function("Limited")]
    [Scoped]
    public static IResult Limited([HttpTrigger("get", Route = "limited/{name}")] HttpRequest request, FunctionContext context) =>
        context.Scope.Allows($"{request.RouteValues["name"]}") ? Results.Text("allowed") : RunAnswers.Problem(StatusCodes.Status403Forbidden, "not yours");
}
