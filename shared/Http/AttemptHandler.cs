using Polly;

namespace Ebb.Http;

/// <summary>One attempt: counts it, and reads a body that is wanted whole, so that one cut short fails the attempt.</summary>
internal sealed class AttemptHandler(Action<HttpRequestMessage>? onAttempt, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Whether the answer is not to be asked for again although its status says that it may pass.</summary>
    public static readonly ResiliencePropertyKey<bool> FinalKey = new("Ebb.Http.Final");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        onAttempt?.Invoke(request);
        var response = await base.SendAsync(request, cancellationToken);
        var options = CallOptions.Of(request);
        if (options.MaxBodyBytes is not { } maxBytes || request.Method == HttpMethod.Head)
        {
            return response;
        }

        try
        {
            var bytes = await BoundedContent.ReadAsync(response.Content, maxBytes, cancellationToken);
            request.GetResilienceContext()!.Properties.Set(FinalKey, options.IsFinal?.Invoke(response.StatusCode, bytes) == true);
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
}
