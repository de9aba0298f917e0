using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ebb.Http.Tests;

public sealed class HttpTransportTests
{
    private static readonly TransportOptions Quick = new()
    {
        Resilience = new ResilienceOptions { MaxRetries = 3, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(20) },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", 503, 4)]
    [InlineData("PUT", 500, 4)]
    [InlineData("DELETE", 408, 4)]
    [InlineData("HEAD", 429, 4)]
    [InlineData("POST", 503, 1)]
    [InlineData("PATCH", 503, 1)]
    [InlineData("GET", 404, 1)]
    [InlineData("GET", 400, 1)]
    [InlineData("GET", 501, 1)]
    public async Task Status_Always_RepeatedOnlyWhenTransientAndIdempotent(string method, int status, int requests)
    {
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, status));

        using var response = await SendAsync(Quick, new HttpRequestMessage(new HttpMethod(method), server.Uri));

        ((int)response.StatusCode).ShouldBe(status);
        server.Count.ShouldBe(requests);
    }

    [Theory]
    [InlineData("no use", 1)]
    [InlineData("busy", 4)]
    public async Task Status_BodySaysItIsFinal_NotRepeated(string body, int requests)
    {
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync(body);
        });
        var call = new CallOptions { MaxBodyBytes = 1024, IsFinal = (status, bytes) => (int)status == 500 && Encoding.UTF8.GetString(bytes) == "no use" };

        using var response = await SendAsync(Quick, call.ApplyTo(new HttpRequestMessage(HttpMethod.Get, server.Uri)));

        (await response.Content.ReadAsStringAsync(Token)).ShouldBe(body);
        server.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task Post_SaidToBeRepeatable_Repeated()
    {
        await using var server = await TestServer.StartAsync((context, n) => Answer(context, n < 3 ? 503 : 200));
        var request = new CallOptions { Repeatable = true }.ApplyTo(new HttpRequestMessage(HttpMethod.Post, server.Uri) { Content = new StringContent("x") });

        using var response = await SendAsync(Quick, request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Count.ShouldBe(3);
    }

    [Fact]
    public async Task StreamedRequest_NeverRepeated()
    {
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, 503));
        using var content = new StreamContent(new MemoryStream(new byte[10]));

        using var response = await SendAsync(Quick, new HttpRequestMessage(HttpMethod.Put, server.Uri) { Content = content });

        server.Count.ShouldBe(1);
    }

    [Fact]
    public async Task RetryAfter_LongerThanAllowed_AnswerReturnedAtOnce()
    {
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, 429, "120"));

        using var response = await SendAsync(Quick, new HttpRequestMessage(HttpMethod.Get, server.Uri));

        RetryAfter.Of(response, TimeProvider.System).ShouldBe(TimeSpan.FromMinutes(2));
        server.Count.ShouldBe(1);
    }

    [Fact]
    public async Task RetryAfter_PastDate_RepeatedAtOnce()
    {
        await using var server = await TestServer.StartAsync((context, n) => Answer(context, n == 1 ? 503 : 200, "Wed, 21 Oct 2015 07:28:00 GMT"));

        using var response = await SendAsync(Quick, new HttpRequestMessage(HttpMethod.Get, server.Uri));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task RetryAfter_Seconds_WaitedByTheClockGiven()
    {
        await using var server = await TestServer.StartAsync((context, n) => Answer(context, n == 1 ? 429 : 200, "1"));
        var started = TimeProvider.System.GetTimestamp();

        using var response = await SendAsync(Quick, new HttpRequestMessage(HttpMethod.Get, server.Uri));

        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task Silence_TimesOutAndRepeats()
    {
        await using var server = await TestServer.StartAsync((context, n) => n == 1 ? Gone(context) : Answer(context, 200));
        var options = Quick with { Resilience = Quick.Resilience with { AttemptTimeout = TimeSpan.FromSeconds(1) } };

        using var response = await SendAsync(options, new HttpRequestMessage(HttpMethod.Get, server.Uri));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Silence_Always_HttpRequestExceptionNamesHost()
    {
        await using var server = await TestServer.StartAsync((context, _) => Gone(context));
        var options = Quick with { Resilience = new ResilienceOptions { MaxRetries = 0, AttemptTimeout = TimeSpan.FromMilliseconds(200) } };

        var e = await Should.ThrowAsync<HttpRequestException>(() => SendAsync(options, new HttpRequestMessage(HttpMethod.Get, server.Uri)));

        e.Message.ShouldContain(server.Uri.Authority);
    }

    [Fact]
    public async Task BufferedBody_CutShort_Repeated()
    {
        await using var server = await TestServer.StartAsync(async (context, n) =>
        {
            context.Response.ContentLength = 10;
            await context.Response.WriteAsync(n < 3 ? "01234" : "0123456789");
            if (n < 3)
            {
                await context.Response.Body.FlushAsync();
                context.Abort();
            }
        });

        using var response = await SendAsync(Quick, new CallOptions { MaxBodyBytes = 10 }.ApplyTo(new HttpRequestMessage(HttpMethod.Get, server.Uri)));

        (await response.Content.ReadAsStringAsync(Token)).ShouldBe("0123456789");
        server.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BufferedBody_TooLong_NotReadFurtherNorRepeated(bool endless)
    {
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = endless ? null : 1001;
            while (!context.RequestAborted.IsCancellationRequested && (endless || context.Response.ContentLength == 1001 && !context.Response.HasStarted))
            {
                await context.Response.Body.WriteAsync(new byte[1001]);
            }
        });

        var e = await Should.ThrowAsync<BodyTooLongException>(
            () => SendAsync(Quick, new CallOptions { MaxBodyBytes = 1000 }.ApplyTo(new HttpRequestMessage(HttpMethod.Get, server.Uri))));

        e.MaxBytes.ShouldBe(1000);
        server.Count.ShouldBe(1);
    }

    [Fact]
    public async Task BufferedBody_OfExactlyTheLimit_Read()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 100_000))).AsTask());

        using var response = await SendAsync(Quick, new CallOptions { MaxBodyBytes = 100_000 }.ApplyTo(new HttpRequestMessage(HttpMethod.Get, server.Uri)));

        (await response.Content.ReadAsByteArrayAsync(Token)).Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task Redirect_NotFollowed()
    {
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });

        using var response = await SendAsync(Quick, new HttpRequestMessage(HttpMethod.Get, server.Uri));

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        server.Count.ShouldBe(1);
    }

    [Fact]
    public async Task HostLimit_ManyRequests_NeverMoreAtOnce()
    {
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            await Task.Delay(20);
            await Answer(context, 200);
        });
        using var client = HttpTransport.CreateClient(Quick with { MaxConcurrentRequests = 4 }, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var request = new CallOptions { MaxBodyBytes = 10 }.ApplyTo(new HttpRequestMessage(HttpMethod.Get, server.Uri));
            using var response = await client.SendAsync(request, Token);
        }));

        server.MostAtOnce.ShouldBeLessThanOrEqualTo(2);
        server.Count.ShouldBe(20);
    }

    [Fact]
    public async Task HostLimit_StreamNotDisposed_HoldsItsSlotOnly()
    {
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, 200));
        using var client = HttpTransport.CreateClient(Quick with { MaxConcurrentRequests = 2 }, TimeProvider.System);
        using var held = await client.GetAsync(server.Uri, HttpCompletionOption.ResponseHeadersRead, Token);

        var second = client.GetAsync(server.Uri, HttpCompletionOption.ResponseHeadersRead, Token);
        using var buffered = new CallOptions { MaxBodyBytes = 10 }.ApplyTo(new HttpRequestMessage(HttpMethod.Get, server.Uri));
        using var other = await client.SendAsync(buffered, Token);

        second.IsCompleted.ShouldBeFalse();
        held.Dispose();
        using var released = await second;
        released.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task HostLimit_OnlyStreamDisposed_GivesItsSlotBack()
    {
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, 200));
        using var client = HttpTransport.CreateClient(Quick with { MaxConcurrentRequests = 2 }, TimeProvider.System);

        for (var i = 0; i < 5; i++)
        {
            var response = await client.GetAsync(server.Uri, HttpCompletionOption.ResponseHeadersRead, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
            await using var body = await response.Content.ReadAsStreamAsync(Token);
        }

        server.Count.ShouldBe(5);
    }

    [Fact]
    public async Task NobodyListens_RepeatedEvenForPost()
    {
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, 200));
        var uri = server.Uri;
        await server.DisposeAsync();
        var attempts = 0;

        var e = await Should.ThrowAsync<HttpRequestException>(
            () => SendAsync(Quick with { OnAttempt = _ => attempts++ }, new HttpRequestMessage(HttpMethod.Post, uri)));

        e.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        attempts.ShouldBe(4);
    }

    // As with a registry that is down while a list of images is mirrored.
    [Fact]
    public async Task Host_ThatNearlyAlwaysFails_IsLeftAlone_AndAskedAgain_WhileOthersAreAsked()
    {
        var broken = true;
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, broken ? 503 : 200));
        await using var other = await TestServer.StartAsync((context, _) => Answer(context, 200));
        var time = new SteppedTime();
        var options = Quick with { Resilience = Quick.Resilience with { MaxRetries = 1 } };
        using var client = HttpTransport.CreateClient(options, time);
        for (var i = 0; i < 25; i++)
        {
            (await StatusAsync(client, server.Uri)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        var e = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(server.Uri, Token));
        e.Message.ShouldBe($"{server.Uri.Authority} is left alone for 5 s: nearly all that it was asked of late failed.");
        server.Count.ShouldBe(50);
        (await StatusAsync(client, other.Uri)).ShouldBe(HttpStatusCode.OK);

        broken = false;
        time.Ahead = TimeSpan.FromSeconds(6);
        (await StatusAsync(client, server.Uri)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(client, server.Uri)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Host_ThatIsBusy_IsNeverLeftAlone()
    {
        await using var server = await TestServer.StartAsync((context, _) => Answer(context, 429));
        using var client = HttpTransport.CreateClient(Quick, TimeProvider.System);
        for (var i = 0; i < 25; i++)
        {
            (await StatusAsync(client, server.Uri)).ShouldBe(HttpStatusCode.TooManyRequests);
        }

        server.Count.ShouldBe(100);
    }

    [Fact]
    public async Task Body_SentAgain_IsWholeEachTime()
    {
        var bodies = new List<string>();
        await using var server = await TestServer.StartAsync(async (context, n) =>
        {
            bodies.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            await Answer(context, n < 3 ? 503 : 200);
        });

        using var response = await SendAsync(Quick, new HttpRequestMessage(HttpMethod.Put, server.Uri) { Content = new StringContent("all of it") });

        bodies.ShouldBe(["all of it", "all of it", "all of it"]);
    }

    [Fact]
    public async Task Connection_NotOpenInTime_IsTransientNamesTheHostAndIsRepeatedEvenForPost()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var authority = $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
        var attempts = 0;
        var options = Quick with { ConnectTimeout = TimeSpan.FromMilliseconds(200), OnAttempt = _ => attempts++ };

        var e = await Should.ThrowAsync<HttpRequestException>(() => SendAsync(options, new HttpRequestMessage(HttpMethod.Post, $"https://{authority}/")));

        e.Message.ShouldBe($"{authority} opened no connection within 0.2 s.");
        (e.HttpRequestError, Transient.Is(e), attempts).ShouldBe((HttpRequestError.ConnectionError, true, 4));
    }

    [Fact]
    public async Task Connection_CancelledByTheCaller_IsCancelled()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var client = HttpTransport.CreateClient(Quick, TimeProvider.System);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var e = await Should.ThrowAsync<OperationCanceledException>(() => client.GetAsync($"https://{silent.LocalEndpoint}/", soon.Token));

        e.CancellationToken.ShouldBe(soon.Token);
    }

    [Fact]
    public async Task Caller_GoneWhileARetryWaits_IsCancelledAtOnce()
    {
        using var soon = new CancellationTokenSource();
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            context.Response.OnCompleted(() =>
            {
                soon.CancelAfter(TimeSpan.FromMilliseconds(200));
                return Task.CompletedTask;
            });
            return Answer(context, 503, "30");
        });
        using var client = HttpTransport.CreateClient(Quick, TimeProvider.System);
        var started = TimeProvider.System.GetTimestamp();

        await Should.ThrowAsync<OperationCanceledException>(() => client.GetAsync(server.Uri, soon.Token));

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        server.Count.ShouldBe(1);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri uri)
    {
        using var response = await client.GetAsync(uri, Token);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(TransportOptions options, HttpRequestMessage request)
    {
        using var client = HttpTransport.CreateClient(options, TimeProvider.System);
        using (request)
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        }
    }

    private static Task Answer(HttpContext context, int status, string? retryAfter = "0")
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    }

    private static Task Gone(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
}
