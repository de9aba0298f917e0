using System.Diagnostics;
using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

/// <summary>A process that is killed while it uploads: what is visible is whole, and what it left is found.</summary>
public sealed class KillTests(SwiftFixture swift) : StoreTestBase, IClassFixture<SwiftFixture>
{
    private const int Mebibytes = 20;

    [Fact]
    public async Task Killed_OnSwift_LeavesOnlyWholeObjectsAndIsCleaned()
    {
        var login = swift.Server.Login;
        var options = Options(login, $"{Guid.NewGuid():N}");
        await KillAsync(options, killAtLine: 30);
        await CheckAsync(options);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(27)]
    [InlineData(44)]
    public async Task Killed_OnTheStandIn_LeavesOnlyWholeObjectsAndIsCleaned(int killAtLine)
    {
        await using var server = await S3Server.StartAsync();
        var options = Options(server.Login, "etcd");
        await KillAsync(options, killAtLine);
        await server.UntilLeftAsync(Cancellation);
        await CheckAsync(options);
        server.Uploads.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(27)]
    [InlineData(44)]
    public async Task Killed_OnFiles_LeavesOnlyWholeObjectsAndIsCleaned(int killAtLine)
    {
        var folder = Directory.CreateTempSubdirectory("ebb-store-");
        var options = new ObjectStoreOptions { Url = $"file://{folder.FullName}" };
        await KillAsync(options, killAtLine);
        (await CheckAsync(options)).ShouldBeGreaterThan(0);
        folder.GetFiles("*", SearchOption.AllDirectories).ShouldAllBe(file => file.Length == Mebibytes * 1024 * 1024);
        folder.Delete(recursive: true);
    }

    private static async Task<int> CheckAsync(ObjectStoreOptions options)
    {
        await using var store = Open(options);
        await foreach (var info in store.ListAsync("", Cancellation))
        {
            info.Size.ShouldBe(Mebibytes * 1024 * 1024);
            var content = (await store.GetAsync(info.Key, (int)info.Size, Cancellation)).ShouldNotBeNull();
            content.AsSpan().ContainsAnyExcept((byte)'x').ShouldBeFalse();
        }

        var removed = await store.RemoveStaleUploadsAsync("crash/", TimeSpan.FromHours(-1), Cancellation);
        (await store.RemoveStaleUploadsAsync("", TimeSpan.FromHours(-1), Cancellation)).ShouldBeEmpty();
        return removed.Count;
    }

    private static async Task KillAsync(ObjectStoreOptions options, int killAtLine)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "Ebb.ObjectStore.CrashHost.dll");
        string[] login = options.Endpoint is null ? [] : [options.Endpoint, options.AccessKey!, options.SecretKey!];
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", host, options.Url, $"{Mebibytes}", .. login])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        for (var line = 0; line < killAtLine; line++)
        {
            (await process.StandardOutput.ReadLineAsync(Cancellation)).ShouldNotBeNull();
        }

        process.Kill();
        await process.WaitForExitAsync(Cancellation);
    }
}
