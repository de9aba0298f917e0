using System.Net;
using System.Security.Cryptography;
using Ebb.OpenSsl.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.OpenSsl.Tests;

public sealed class TlsHttp2Tests(Pki pki) : IClassFixture<Pki>
{
    private const int Large = 100_000_000;

    [Fact]
    public async Task Get_NginxWithEd25519_TalksHttp2AsTheClientOfTheCertificate()
    {
        await using var nginx = await NginxServer.StartAsync(pki);
        using var http = Http(pki.Client, nginx.Port, "localhost");
        (await http.GetStringAsync("/")).ShouldBe("CN=client,O=ebb tests|TLSv1.3|HTTP/2.0");
    }

    [Fact]
    public async Task Get_ManyAtOnce_AreAllAnswered()
    {
        await using var nginx = await NginxServer.StartAsync(pki);
        var files = Enumerable.Range(0, 20).Select(index => RandomNumberGenerator.GetBytes(index * 9973)).ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(nginx.Files, $"{i}"), files[i]);
        }

        using var http = Http(pki.Client, nginx.Port);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => http.GetByteArrayAsync($"/files/{i % files.Length}")));
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i].AsSpan().SequenceEqual(files[i % files.Length]).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Get_HundredMegabytes_ArriveWholeInBoundedMemory()
    {
        await using var nginx = await NginxServer.StartAsync(pki);
        var hash = await WriteLargeAsync(Path.Combine(nginx.Files, "large"));
        using var http = Http(pki.Client, nginx.Port);
        using var response = await http.GetAsync("/files/large", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var (before, peak) = (Environment.WorkingSet, 0L);
        (await HashAsync(body, () => peak = Math.Max(peak, Environment.WorkingSet))).ShouldBe(hash);
        (peak - before).ShouldBeLessThan(64_000_000);
    }

    [Fact]
    public async Task Post_HundredMegabytes_ArriveWhole()
    {
        await using var backend = await BackendAsync();
        await using var nginx = await NginxServer.StartAsync(pki, new Uri(backend.Urls.Single()).Port);
        using var http = Http(pki.Client, nginx.Port);
        var path = Path.Combine(nginx.Files, "large");
        var hash = await WriteLargeAsync(path);
        await using var file = File.OpenRead(path);
        using var response = await http.PostAsync("/backend/hash", new StreamContent(file));
        (await response.Content.ReadAsStringAsync()).ShouldBe(hash);
    }

    [Fact]
    public async Task Post_BothWaysAtOnce_NoneWaitsForTheOther()
    {
        await using var backend = await BackendAsync();
        await using var nginx = await NginxServer.StartAsync(pki, new Uri(backend.Urls.Single()).Port);
        using var http = Http(pki.Client, nginx.Port);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async index =>
        {
            var sent = RandomNumberGenerator.GetBytes(2_000_000 + index);
            using var response = await http.PostAsync("/backend/echo", new ByteArrayContent(sent));
            (await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(sent).ShouldBeTrue();
        }));
    }

    [Fact]
    public async Task Get_ConnectionCutMidStream_FailsNamingTheCut()
    {
        await using var nginx = await NginxServer.StartAsync(pki);
        await File.WriteAllBytesAsync(Path.Combine(nginx.Files, "some"), new byte[5_000_000]);
        await using var relay = new CuttingRelay(nginx.Port, 1_000_000);
        using var http = Http(pki.Client, relay.Port);
        using var response = await http.GetAsync("/files/some", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var failure = await Should.ThrowAsync<IOException>(() => HashAsync(body));
        Inner(failure).Failure.ShouldBe(TlsFailure.Truncated);
    }

    [Fact]
    public async Task Get_WrongAuthority_FailsWithTheReason()
    {
        await using var nginx = await NginxServer.StartAsync(pki);
        using var http = Http(pki.With("client.crt", "client.key", "other.crt"), nginx.Port);
        Inner(await Should.ThrowAsync<HttpRequestException>(() => http.GetStringAsync("/"))).Failure.ShouldBe(TlsFailure.UnknownAuthority);
    }

    [Fact]
    public async Task Get_ServerRefusesTheClientCertificate_FailsWithTheReason()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-alpn", "h2", "-Verify", "3", "-verify_return_error", "-CAfile", "ca.crt");
        using var http = Http(pki.With("stranger.crt", "stranger.key"), server.Port);
        Inner(await Should.ThrowAsync<HttpRequestException>(() => http.GetStringAsync("/"))).Failure.ShouldBe(TlsFailure.ClientCertificateRefused);
    }

    [Fact]
    public async Task Get_NginxWithoutHttp2_FailsWithTheReason()
    {
        await using var nginx = await NginxServer.StartAsync(pki, protocol: string.Empty);
        using var http = Http(pki.Client, nginx.Port);
        Inner(await Should.ThrowAsync<HttpRequestException>(() => http.GetStringAsync("/"))).Failure.ShouldBe(TlsFailure.NoApplicationProtocol);
    }

    [Fact]
    public async Task Get_Cancelled_LeavesTheConnectionForOthers()
    {
        await using var nginx = await NginxServer.StartAsync(pki);
        await WriteLargeAsync(Path.Combine(nginx.Files, "large"));
        using var http = Http(pki.Client, nginx.Port);
        using (var response = await http.GetAsync("/files/large", HttpCompletionOption.ResponseHeadersRead))
        {
            response.EnsureSuccessStatusCode();
        }

        (await http.GetStringAsync("/")).ShouldContain("HTTP/2.0");
    }

    private static HttpClient Http(TlsClientOptions options, int port, string host = "127.0.0.1")
    {
        var tls = TlsClient.Create(options);
        return new HttpClient(new SocketsHttpHandler { ConnectCallback = tls.ConnectAsync })
        {
            BaseAddress = new Uri($"http://{host}:{port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async Task<WebApplication> BackendAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        app.MapPost("/backend/hash", async (HttpContext context) => await context.Response.WriteAsync(await HashAsync(context.Request.Body)));
        app.MapPost("/backend/echo", (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body));
        await app.StartAsync();
        return app;
    }

    private static async Task<string> WriteLargeAsync(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = File.Create(path);
        var block = RandomNumberGenerator.GetBytes(1_000_000);
        for (var written = 0; written < Large; written += block.Length)
        {
            block[written % 997]++;
            hash.AppendData(block);
            await file.WriteAsync(block);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<string> HashAsync(Stream stream, Action? everyFewMegabytes = null)
    {
        var total = 0L;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer) is var count and > 0)
        {
            hash.AppendData(buffer, 0, count);
            if (total / 5_000_000 != (total += count) / 5_000_000)
            {
                everyFewMegabytes?.Invoke();
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static TlsException Inner(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is TlsException tls)
            {
                return tls;
            }
        }

        throw new ShouldAssertException($"No TlsException within: {failure}");
    }
}
