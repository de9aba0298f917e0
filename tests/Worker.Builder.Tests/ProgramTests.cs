using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ebb.TestServers.Network;

namespace Ebb.Worker.Builder.Tests;

/// <summary>A function app as Azure's documentation writes it: not a line of Ebb's in it, but for the project file.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ebb-builder-");

    [Fact]
    public async Task Program_OfAnyFunctionApp_RunsAsItIs()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Next()}";
        using var process = Start("--urls", address);
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await EventuallyAsync(async () => (await client.GetAsync("healthz/ready")).IsSuccessStatusCode, "ready");

        using var placed = await client.PostAsJsonAsync("api/orders", new { item = "tea", count = 3 });

        placed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        Guid.TryParse(placed.Headers.GetValues("x-invocation-id").Single(), out _).ShouldBeTrue();
        string? orders = null;
        await EventuallyAsync(async () => (orders = await client.GetStringAsync("api/orders")).Contains("taken", StringComparison.Ordinal), "both queue functions");
        JsonNode.Parse(orders!)!.AsArray().Select(order => $"{order!["item"]} {order["count"]}").ShouldBe(["tea 3", "tea, taken 1"]);

        Process.Start("kill", ["-TERM", process.Id.ToString()]).WaitForExit();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        process.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(0, "Tidy", "functions")]
    [InlineData(0, "\"state\": \"succeeded\"", "run", "Tidy")]
    [InlineData(2, "There is no function 'Tidie'. There are: ListOrders", "run", "Tidie")]
    public async Task Program_Arguments_AreEbbsCommandLine(int code, string said, params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        (await output + await error).ShouldContain(said);
        process.ExitCode.ShouldBe(code);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!limit.IsCancellationRequested)
            {
                // Not yet.
            }

            limit.IsCancellationRequested.ShouldBeFalse(what);
            await Task.Delay(20);
        }
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ebb.Worker.Builder.SampleApp"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory.FullName,
        };
        start.Environment["Storage"] = $"file:{Path.Combine(_directory.FullName, "store")}";
        return Process.Start(start)!;
    }
}
