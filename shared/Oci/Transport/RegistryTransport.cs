using System.Net;
using System.Net.Http.Headers;
using Ebb.Http;
using Ebb.Oci.Auth;

namespace Ebb.Oci.Transport;

/// <summary>Sends calls to one registry: logs in, follows redirects (without credentials to other hosts), counts.</summary>
internal sealed class RegistryTransport : IDisposable
{
    private const int MaxRedirects = 5;
    private readonly HttpClient _http;
    private readonly Authorizer _authorizer;

    public RegistryTransport(string registry, RegistriesOptions options, TimeProvider time)
    {
        var own = options.Find(registry);
        Registry = registry;
        Time = time;
        Options = options;
        var host = registry == ImageReference.DockerHub ? "registry-1.docker.io" : registry;
        var plain = own?.PlainHttp ?? RealmPolicy.IsLoopback(new Uri($"http://{host}/"));
        Base = new Uri($"{(plain ? "http" : "https")}://{host}/");
        _http = HttpTransport.CreateClient(
            new TransportOptions
            {
                CaFile = own?.CaFile,
                MaxConcurrentRequests = options.MaxConcurrentRequests,
                Resilience = options.Resilience,
                OnAttempt = _ => Counter.Count(),
            },
            time);
        _authorizer = new Authorizer(registry, new TokenClient(registry, Base, _http, time), new CredentialSource(options, time), time);
    }

    public string Registry { get; }

    public Uri Base { get; }

    public RegistriesOptions Options { get; }

    public TimeProvider Time { get; }

    public RequestCounter Counter { get; } = new();

    public RateLimit? LastRateLimit { get; private set; }

    /// <summary>Sends a call; the answer may be any status. Dispose it.</summary>
    /// <exception cref="RegistryException">No answer, or a redirect that is refused.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        var uri = call.Uri;
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(call, uri, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            using (response)
            {
                uri = Redirect(call, uri, response, redirects);
            }
        }
    }

    /// <summary>Sends a call outside the distribution API, with Basic credentials if there are any.</summary>
    public async Task<HttpResponseMessage> SendBasicAsync(RegistryCall call, CancellationToken cancellationToken) =>
        await SendAsync(call, call.Uri, await _authorizer.GetBasicAsync(call.Repository, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _authorizer.Dispose();
        _http.Dispose();
    }

    private static Uri Redirect(RegistryCall call, Uri from, HttpResponseMessage response, int redirects)
    {
        var problem = call.Method != HttpMethod.Get && call.Method != HttpMethod.Head ? "only reads are redirected"
            : redirects >= MaxRedirects ? $"it would be the {redirects + 1}th redirect"
            : response.Headers.Location is null ? "it names no Location"
            : null;
        var target = problem is null ? new Uri(from, response.Headers.Location!) : null;
        problem ??= RealmPolicy.FindRedirectProblem(from, target!);
        return problem is null
            ? target!
            : throw new RegistryException($"{call}: the registry redirects{(target is null ? "" : " to " + Redaction.Url(target))}, which is refused: {problem}.", RegistryFault.Protocol)
            {
                Status = response.StatusCode,
                Remedy = "Name the registry by the host and scheme that it answers on.",
            };
    }

    private async Task<HttpResponseMessage> SendOnceAsync(RegistryCall call, Uri uri, CancellationToken cancellationToken)
    {
        if (!RealmPolicy.SameOrigin(uri, Base))
        {
            return await SendAsync(call, uri, null, cancellationToken);
        }

        var header = await _authorizer.GetAsync(call.Repository, call.Scopes, cancellationToken);
        var response = await SendAsync(call, uri, header, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || Challenge.Select(response.Headers) is not { } challenge)
        {
            return response;
        }

        AuthenticationHeaderValue? answer;
        try
        {
            answer = await _authorizer.AnswerAsync(challenge, call.Repository, call.Scopes, header, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (answer is null)
        {
            return response;
        }

        response.Dispose();
        return await SendAsync(call, uri, answer, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(RegistryCall call, Uri uri, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = call.CreateRequest(uri);
        request.Headers.Authorization = authorization;
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            LastRateLimit = (RealmPolicy.SameOrigin(uri, Base) ? RateLimit.Read(response, Time.GetUtcNow()) : null) ?? LastRateLimit;
            return response;
        }
        catch (HttpRequestException e)
        {
            throw RegistryErrors.FromTransport(e, call.ToString(), uri);
        }
        catch (BodyTooLongException e)
        {
            throw new RegistryException($"{call}: {e.Message}", RegistryFault.Protocol, e)
            {
                Remedy = "The registry, or a proxy before it, sends something that is no answer of this kind.",
            };
        }
    }
}
