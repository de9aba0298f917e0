using System.Collections.Concurrent;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;

namespace Ebb.Http;

/// <summary>
/// The strategies of Microsoft.Extensions.Http.Resilience, set for servers of a platform. Repeats what is transient: connections that fail,
/// attempts that time out, bodies cut short, and the answers 408, 429, 500, 502, 503 and 504, for requests that may be repeated. Never
/// repeats another 4xx or a body that was streamed. A host that nearly always fails is left alone for a moment.
/// </summary>
internal sealed class Resilience(ResilienceOptions options, TimeProvider time)
{
    /// <summary>How long a host is not asked that nearly always fails.</summary>
    public static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _hosts = new();

    /// <summary>Repeats the requests that go through <paramref name="attempts"/>. Each host has a circuit of its own.</summary>
    public ResilienceHandler Around(HttpMessageHandler attempts) =>
        new(request => _hosts.GetOrAdd(request.RequestUri!.Authority, _ => Build())) { InnerHandler = attempts };

    private ResiliencePipeline<HttpResponseMessage> Build()
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(Retry());
        }

        return builder.AddCircuitBreaker(Breaker())
            .AddTimeout(new HttpTimeoutStrategyOptions
            {
                TimeoutGenerator = arguments => ValueTask.FromResult(CallOptions.Of(RequestOf(arguments.Context)).AttemptTimeout ?? options.AttemptTimeout),
            })
            .Build();
    }

    private HttpRetryStrategyOptions Retry() => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        Delay = options.BaseDelay,
        MaxDelay = options.MaxDelay,
        ShouldHandle = arguments => ValueTask.FromResult(
            !arguments.Context.Properties.GetValue(AttemptHandler.FinalKey, false) && ShouldRepeat(RequestOf(arguments.Context), arguments.Outcome)),
        DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome switch
        {
            { Result: { } response } => RetryAfter.Of(response, time),
            { Exception: BrokenCircuitException broken } => broken.RetryAfter,
            _ => null,
        }),
    };

    // A busy server (429) is not a broken one.
    private static HttpCircuitBreakerStrategyOptions Breaker() => new()
    {
        FailureRatio = 0.9,
        MinimumThroughput = 50,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = BreakTime,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Result is { } response ? (int)response.StatusCode >= 500 && Transient.Is(response.StatusCode) : Transient.Is(arguments.Outcome.Exception)),
    };

    private bool ShouldRepeat(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome)
    {
        if (outcome.Exception is BrokenCircuitException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
        {
            return true; // Nothing was sent.
        }

        return MayRepeat(request) && (outcome.Result is { } response
            ? Transient.Is(response.StatusCode) && !(RetryAfter.Of(response, time) > options.MaxRetryAfter)
            : Transient.Is(outcome.Exception));
    }

    private static bool MayRepeat(HttpRequestMessage request) =>
        request.Content is null or ByteArrayContent or ReadOnlyMemoryContent
        && (CallOptions.Of(request).Repeatable ?? (request.Method != HttpMethod.Post && request.Method != HttpMethod.Patch));

    private static HttpRequestMessage RequestOf(ResilienceContext context) => context.GetRequestMessage()!;
}
