using System.Net;
using System.Net.Http.Headers;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Login;
using Ebb.Http;

namespace Ebb.GitHosts.Transport;

/// <summary>
/// Sends requests with the credential and reads bounded answers. Follows redirects to the same origin only (hosts redirect renamed
/// repositories): the credential would go along.
/// </summary>
internal sealed class HostTransport : IDisposable
{
    private const int MaxRedirects = 3;

    private readonly HttpClient _http;
    private readonly GitHostOptions _options;
    private readonly IGitHostLogin _login;
    private readonly TimeProvider _time;
    private readonly Uri _root;

    public HostTransport(GitHostOptions options, string apiPath, IGitHostLogin login, TimeProvider time)
    {
        (_options, _login, _time) = (options, login, time);
        _root = new Uri($"{options.Address.AbsoluteUri.TrimEnd('/')}/{apiPath}");
        _http = HttpTransport.CreateClient(new TransportOptions { CaFile = options.CaFile, Resilience = options.Resilience, MaxConcurrentRequests = 8 }, time);
    }

    /// <summary>Names the host in messages.</summary>
    public string Description => $"{_options.Name} at {_options.Address.Authority}";

    public string Name => _options.Name;

    /// <summary>Sends a request whose answer must be a success.</summary>
    /// <exception cref="GitHostException">It is not.</exception>
    public async Task<HostReply> SendAsync(HostRequest request, CancellationToken cancellationToken)
    {
        var reply = await TrySendAsync(request, cancellationToken);
        return IsSuccess(reply.Status) ? reply : throw Fault(reply, request);
    }

    /// <summary>The same, but an answer of <paramref name="expected"/> is returned too.</summary>
    public async Task<HostReply> SendAsync(HostRequest request, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        var reply = await TrySendAsync(request, cancellationToken);
        return IsSuccess(reply.Status) || reply.Status == expected ? reply : throw Fault(reply, request);
    }

    /// <summary>Reads JSON.</summary>
    public async Task<Json> ReadAsync(HostRequest request, CancellationToken cancellationToken) =>
        Json.Parse((await SendAsync(request, cancellationToken)).Body, request, this);

    /// <summary>What an answer that is no success means.</summary>
    public GitHostException Fault(HostReply reply, HostRequest request) => HostFaults.Of(reply, request, this, _time);

    public void Dispose() => _http.Dispose();

    // 203 is Azure DevOps' sign-in page in place of an answer.
    private static bool IsSuccess(HttpStatusCode status) => (int)status is >= 200 and < 300 && status != HttpStatusCode.NonAuthoritativeInformation;

    private async Task<HostReply> TrySendAsync(HostRequest request, CancellationToken cancellationToken)
    {
        var target = new Uri(_root, request.Path);
        for (var redirects = 0; ; redirects++)
        {
            using var response = await SendOnceAsync(request, target, cancellationToken);
            if (Redirect(response, request, target) is not { } next || redirects == MaxRedirects)
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                return new HostReply(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, body);
            }

            target = next;
        }
    }

    private Uri? Redirect(HttpResponseMessage response, HostRequest request, Uri target)
    {
        var follows = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            || (response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found && request.Method == HttpMethod.Get);
        return follows && response.Headers.Location is { } location && new Uri(target, location) is var next && IsSameOrigin(next) ? next : null;
    }

    private bool IsSameOrigin(Uri target) => target.Scheme == _root.Scheme && target.Authority == _root.Authority;

    private async Task<HttpResponseMessage> SendOnceAsync(HostRequest request, Uri target, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, target);
        new CallOptions { MaxBodyBytes = request.MaxBytes, Repeatable = request.Repeatable }.ApplyTo(message);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        await _login.AuthorizeAsync(message, cancellationToken);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (BodyTooLongException exception)
        {
            throw new GitHostException($"{Description} answered {request} with more than {request.MaxBytes} bytes.", GitHostFault.TooLarge, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw HostFaults.Of(exception, request, this);
        }
    }
}
