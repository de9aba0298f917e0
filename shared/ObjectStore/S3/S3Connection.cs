using Amazon.Runtime;
using Amazon.S3;
using Ebb.Http;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Ebb.ObjectStore.S3;

/// <summary>Requests to one bucket: each attempt bounded in time, what may pass by itself tried again, every failure named.</summary>
internal sealed partial class S3Connection : IDisposable
{
    private const int BytesPerExtraSecond = 128 * 1024;
    private static readonly ResiliencePropertyKey<S3Call> CallKey = new("Ebb.ObjectStore.Call");

    private readonly S3Credentials _credentials;
    private readonly S3HttpClientFactory _http;
    private readonly AmazonS3Client _client;
    private readonly S3Faults _faults;
    private readonly ResiliencePipeline _retries;

    public S3Connection(ObjectStoreOptions options, StoreUrl url, TimeProvider time, ILogger logger)
    {
        (Options, Bucket, Time, Logger) = (options, url.Bucket!, time, logger);
        _faults = new S3Faults(options, Bucket, time);
        _credentials = new S3Credentials(options);
        _http = new S3HttpClientFactory(options, time);
        _client = new AmazonS3Client(_credentials, Configuration(options, _http));
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(Retry(options.Resilience)).Build();
    }

    public ObjectStoreOptions Options { get; }

    public string Bucket { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>Over TLS the body needs no hash in the signature (<c>UNSIGNED-PAYLOAD</c>); Content-MD5 guards it either way.</summary>
    public bool IsEncrypted => Options.Endpoint is null || Options.Endpoint.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends a request that may be repeated, until it is answered or a failure will not pass.</summary>
    /// <exception cref="ObjectStoreException">What came of the last attempt.</exception>
    public async Task<T> SendAsync<T>(S3Call call, Func<AmazonS3Client, CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CallKey, call);
        try
        {
            return await _retries.ExecuteAsync(
                static (context, state) => new ValueTask<T>(state.Self.AttemptAsync(state.Call, state.Send, context.CancellationToken)), context, (Self: this, Call: call, Send: send));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Something else than S3 answered, with a status of success.</summary>
    public ObjectStoreException Foreign(S3Call call, string lack) => _faults.Foreign(call, lack);

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private async Task<T> AttemptAsync<T>(S3Call call, Func<AmazonS3Client, CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        call.Attempts++;
        var limit = Options.Resilience.AttemptTimeout + TimeSpan.FromSeconds((double)call.Bytes / BytesPerExtraSecond);
        using var timeout = new CancellationTokenSource(limit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var answer = await send(_client, either.Token);
            if (S3Answers.Lacks(answer, Bucket) is { } lack)
            {
                (answer as IDisposable)?.Dispose();
                throw Foreign(call, lack);
            }

            return answer;
        }
        catch (Exception exception) when (exception is not ObjectStoreException && !cancellationToken.IsCancellationRequested)
        {
            throw timeout.IsCancellationRequested ? _faults.TimedOut(call, limit, exception) : _faults.Of(exception, call);
        }
    }

    private RetryStrategyOptions Retry(ResilienceOptions resilience) => new()
    {
        MaxRetryAttempts = Math.Max(1, resilience.MaxRetries),
        Delay = resilience.BaseDelay,
        MaxDelay = resilience.MaxDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = arguments => ValueTask.FromResult(
            resilience.MaxRetries > 0 && arguments.Outcome.Exception is ObjectStoreException failure && MayPass(failure, arguments.AttemptNumber)),
        OnRetry = arguments =>
        {
            LogRetry(Logger, arguments.AttemptNumber + 1, arguments.RetryDelay.TotalSeconds, arguments.Outcome.Exception!.Message);
            return ValueTask.CompletedTask;
        },
    };

    // BadDigest: what arrived is not what was sent, so it is sent again.
    private bool MayPass(ObjectStoreException failure, int attempt) =>
        failure.IsTransient || failure.Code is "BadDigest" or "ConditionalRequestConflict" or "OperationAborted"
        || (failure.Fault == ObjectStoreFault.CredentialsRefused && attempt == 0 && _credentials.HaveChanged());

    private static AmazonS3Config Configuration(ObjectStoreOptions options, HttpClientFactory http)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            // Stores of one's own have refused the checksums that the SDK would add by itself.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            DisableClockSkewCorrection = true,
            IgnoreConfiguredEndpointUrls = true,
            HttpClientFactory = http,
            AllowAutoRedirect = false,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }

        return config;
    }
}
