using Amazon.Runtime;
using Ebb.Http;

namespace Ebb.ObjectStore.S3;

/// <summary>Gives Amazon's SDK the HTTP client that all of Ebb uses: own CA, no redirects, bounded connecting. Retries and time limits are <see cref="S3Connection"/>'s.</summary>
internal sealed class S3HttpClientFactory(ObjectStoreOptions options, TimeProvider time) : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client = HttpTransport.CreateClient(
        new TransportOptions
        {
            CaFile = options.CaFile,
            MaxConcurrentRequests = MaxConcurrentRequests,
            Resilience = new ResilienceOptions { MaxRetries = 0, AttemptTimeout = Timeout.InfiniteTimeSpan },
        },
        time);

    private const int MaxConcurrentRequests = 32;

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
