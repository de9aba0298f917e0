using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Ebb.Http;

/// <summary>
/// Repeats what is transient: connections that fail, attempts that time out, bodies cut short, and the answers 408, 429,
/// 500, 502, 503 and 504, for requests that may be repeated. Never repeats another 4xx or a body that was streamed.
/// </summary>
internal sealed class ResilienceHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("Ebb.Http.Request");
    private static readonly ResiliencePropertyKey<bool> FinalKey = new("Ebb.Http.Final");
    private readonly ResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    private readonly Action<HttpRequestMessage>? _onAttempt;

    public ResilienceHandler(TransportOptions transport, TimeProvider time, HttpMessageHandler inner)
        : base(inner)
    {
        _options = transport.Resilience;
        _onAttempt = transport.OnAttempt;
        _time = time;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (_options.MaxRetries > 0)
        {
            builder.AddRetry(CreateRetry());
        }

        _pipeline = builder.AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = AttemptTimeout }).Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await _pipeline.ExecuteAsync(static (c, handler) => handler.AttemptAsync(c), context, this);
        }
        catch (TimeoutRejectedException e)
        {
            throw new HttpRequestException(
                HttpRequestError.Unknown, $"{request.RequestUri!.Authority} did not answer within {e.Timeout.TotalSeconds:0.#} s.", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(ResilienceContext context)
    {
        var request = RequestOf(context);
        _onAttempt?.Invoke(request);
        var response = await base.SendAsync(request, context.CancellationToken);
        if (CallOptions.Of(request).MaxBodyBytes is not { } maxBytes || request.Method == HttpMethod.Head)
        {
            return response;
        }

        try
        {
            var bytes = await BoundedContent.ReadAsync(response.Content, maxBytes, context.CancellationToken);
            context.Properties.Set(FinalKey, CallOptions.Of(request).IsFinal?.Invoke(response.StatusCode, bytes) == true);
            var body = new ByteArrayContent(bytes);
            foreach (var header in response.Content.Headers)
            {
                body.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            response.Content.Dispose();
            response.Content = body;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private RetryStrategyOptions<HttpResponseMessage> CreateRetry() => new()
    {
        MaxRetryAttempts = _options.MaxRetries,
        Delay = _options.BaseDelay,
        MaxDelay = _options.MaxDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = arguments => ValueTask.FromResult(
            !arguments.Context.Properties.GetValue(FinalKey, false) && ShouldRepeat(RequestOf(arguments.Context), arguments.Outcome)),
        DelayGenerator = arguments => ValueTask.FromResult(
            arguments.Outcome.Result is { } response ? RetryAfter.Of(response, _time) : null),
        OnRetry = arguments =>
        {
            arguments.Outcome.Result?.Dispose();
            return ValueTask.CompletedTask;
        },
    };

    private bool ShouldRepeat(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome)
    {
        if (outcome.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
        {
            return true; // Nothing was sent.
        }

        return MayRepeat(request) && (outcome.Result is { } response
            ? Transient.Is(response.StatusCode) && !(RetryAfter.Of(response, _time) > _options.MaxRetryAfter)
            : Transient.Is(outcome.Exception));
    }

    private static bool MayRepeat(HttpRequestMessage request) =>
        request.Content is null or ByteArrayContent or ReadOnlyMemoryContent
        && (CallOptions.Of(request).Repeatable ?? (request.Method != HttpMethod.Post && request.Method != HttpMethod.Patch));

    private ValueTask<TimeSpan> AttemptTimeout(TimeoutGeneratorArguments arguments) =>
        ValueTask.FromResult(CallOptions.Of(RequestOf(arguments.Context)).AttemptTimeout ?? _options.AttemptTimeout);

    private static HttpRequestMessage RequestOf(ResilienceContext context) => context.Properties.GetValue(RequestKey, null!);
}
