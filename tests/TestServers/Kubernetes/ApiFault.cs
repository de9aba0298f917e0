using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Kubernetes;

/// <summary>A failure on purpose, for requests that match.</summary>
public sealed class ApiFault
{
    private readonly Lock _gate = new();
    private int _left;

    private ApiFault(Func<RecordedCall, bool> matches, int times, Func<HttpContext, Task> play) => (Matches, _left, Play) = (matches, times, play);

    internal Func<RecordedCall, bool> Matches { get; }

    internal Func<HttpContext, Task> Play { get; }

    /// <summary>Whether the request's effect comes about before the failure, as when an answer is lost.</summary>
    internal bool After { get; private init; }

    /// <summary>How often it came.</summary>
    public int Count { get; private set; }

    /// <summary>Answers with a status and the words of a Status object.</summary>
    public static ApiFault Answer(Func<RecordedCall, bool> matches, int code, string? reason = null, string message = "made to fail", int times = 1, string? retryAfter = null) => new(
        matches, times,
        async context =>
        {
            context.Response.StatusCode = code;
            context.Response.ContentType = "application/json";
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            await context.Response.WriteAsync(new ApiException(code, reason, message).ToStatus().ToJsonString());
        });

    /// <summary>Cuts the connection before anything happens.</summary>
    public static ApiFault Cut(Func<RecordedCall, bool> matches, int times = 1) => new(matches, times, CutAsync);

    /// <summary>Does what was asked and cuts the connection instead of answering.</summary>
    public static ApiFault LoseAnswer(Func<RecordedCall, bool> matches, int times = 1) => new(matches, times, CutAsync) { After = true };

    /// <summary>Holds the request until the task ends, then serves it.</summary>
    public static ApiFault Hold(Func<RecordedCall, bool> matches, Task until, int times = 1) => new(matches, times, context => until.WaitAsync(context.RequestAborted));

    /// <summary>Answers with these bytes.</summary>
    public static ApiFault Raw(Func<RecordedCall, bool> matches, int code, string contentType, byte[] body, int times = 1) => new(
        matches, times,
        async context =>
        {
            context.Response.StatusCode = code;
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync(body);
        });

    internal bool TryTake(RecordedCall call)
    {
        lock (_gate)
        {
            if (_left == 0 || !Matches(call))
            {
                return false;
            }

            _left--;
            Count++;
            return true;
        }
    }

    private static Task CutAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
