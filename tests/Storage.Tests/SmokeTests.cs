using Microsoft.Extensions.Logging.Abstractions;
namespace Ebb.Storage.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task Smoke()
    {
        var dir = Directory.CreateTempSubdirectory().FullName;
        RunId first;
        var options = new HostStorageOptions { Storage = "file:" + dir };
        await using (var s = await HostStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, default))
        {
            first = (await s.Queues.EnqueueAsync(new() { Queue = "q", Body = "{\"a\":\"ü\"}", IdempotencyKey = "k" }, default)).RunId;
            (await s.Queues.EnqueueAsync(new() { Queue = "q", Body = "2", IdempotencyKey = "k" }, default)).ShouldBe(new(first, false));
            await s.Queues.WaitForWorkAsync(["q"], default);
            var m = await s.Queues.DequeueAsync(new() { Queue = "q", Function = "F", Instance = "i", MaxCount = 5, LeaseDuration = TimeSpan.FromMilliseconds(200) }, default);
            m.Single().DequeueCount.ShouldBe(1);
            await s.Queues.WaitForWorkAsync(["q"], default);
        }
        await using (var s = await HostStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, default))
        {
            var m = (await s.Queues.DequeueAsync(new() { Queue = "q", Function = "F", Instance = "i", MaxCount = 5, LeaseDuration = TimeSpan.FromMinutes(1) }, default)).Single();
            m.DequeueCount.ShouldBe(2);
            var wait = s.Runs.WaitAsync(first, TimeSpan.FromSeconds(30), default);
            (await s.Queues.SettleAsync(m, new Settlement.Succeeded("1"), default)).ShouldBeTrue();
            (await wait)!.State.ShouldBe(RunState.Succeeded);
            (await s.Runs.ListAsync(new() { Function = "F", State = RunState.Succeeded }, default)).Count.ShouldBe(1);
        }
    }
}
