using Ebb.Scaler.Protos;
using Ebb.Storage;
using Grpc.Core;

namespace Ebb.Scaler.Tests.Hosting;

public sealed class ScalerHostTests : IAsyncLifetime
{
    private static readonly ScaledObjectRef Worker = References.Of(("app", "mirror"), ("queues", "images"), ("target", "5"));
    private static readonly ScaledObjectRef Nightly = References.Of(("app", "nightly"), ("timers", "Mirror=0 0 2 * * *"));

    private InProcessScaler _scaler = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FaultyStorage Storage => _scaler.Storage;

    public async ValueTask InitializeAsync() => _scaler = await InProcessScaler.StartAsync(new() { PollAge = TimeSpan.Zero });

    public ValueTask DisposeAsync() => _scaler.DisposeAsync();

    [Fact]
    public async Task Polls_FromEnqueueToSuccess_FollowTheWork()
    {
        (await _scaler.IsActiveAsync(Worker)).ShouldBeFalse();
        await EnqueueAsync("images");
        await EnqueueAsync("images");
        (await _scaler.IsActiveAsync(Worker)).ShouldBeTrue();
        (await _scaler.MetricAsync(Worker)).ShouldBe(new MetricValue { MetricName = "ebb-mirror", MetricValue_ = 2, MetricValueFloat = 2 });

        var taken = await TakeAsync("images");
        (await _scaler.MetricAsync(Worker)).MetricValueFloat.ShouldBe(2);
        await Storage.Queues.SettleAsync(taken[0], new Settlement.Succeeded(null), Token);
        await Storage.Queues.SettleAsync(taken[1], new Settlement.Poisoned(new("x", "y")), Token);
        (await _scaler.IsActiveAsync(Worker)).ShouldBeFalse();
        (await _scaler.MetricAsync(Worker)).MetricValueFloat.ShouldBe(0);
    }

    [Fact]
    public async Task GetMetricSpec_AnApp_NamesItsMetricAndTarget() => (await _scaler.SpecAsync(Worker))
        .ShouldBe(new MetricSpec { MetricName = "ebb-mirror", TargetSize = 5, TargetSizeFloat = 5 });

    [Fact]
    public async Task GetMetrics_OfAnotherName_SaysTheRightOne()
    {
        (await _scaler.MetricAsync(Worker, "ebb-mirror")).MetricName.ShouldBe("ebb-mirror");
        var error = await Should.ThrowAsync<RpcException>(() => _scaler.MetricAsync(Worker, "s0-ebb-mirror"));
        (error.StatusCode, error.Status.Detail).ShouldBe((StatusCode.InvalidArgument, "ScaledObject platform/worker has no metric 's0-ebb-mirror'; its metric is 'ebb-mirror'."));
    }

    [Fact]
    public async Task EveryMethod_WrongMetadata_IsInvalidArgument()
    {
        var wrong = References.Of(("app", "mirror"), ("queue", "images"));
        Task[] calls =
        [
            _scaler.IsActiveAsync(wrong), _scaler.SpecAsync(wrong), _scaler.MetricAsync(wrong), FirstAsync(wrong),
        ];
        foreach (var call in calls)
        {
            var error = await Should.ThrowAsync<RpcException>(() => call);
            error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            error.Status.Detail.ShouldContain("'queue' is not known; did you mean 'queues'?");
        }
    }

    [Fact]
    public async Task Timers_FromUnknownToClaimed_AreFollowed()
    {
        (await _scaler.IsActiveAsync(Nightly)).ShouldBeTrue("nobody has registered it");

        var far = new ScheduleState("Mirror", "0 0 2 * * * (UTC)", null, DateTimeOffset.MaxValue.AddDays(-2), TimeProvider.System.GetUtcNow());
        await SetAsync(far, null);
        (await _scaler.IsActiveAsync(Nightly)).ShouldBeFalse("it is due much later");

        var soon = far with { Next = TimeProvider.System.GetUtcNow().AddSeconds(15) };
        await SetAsync(soon, far);
        (await _scaler.MetricAsync(Nightly)).MetricValueFloat.ShouldBe(1, "it is due within its lead");

        var other = soon with { Schedule = "0 0 3 * * * (UTC)", Next = far.Next };
        await SetAsync(other, soon);
        (await _scaler.IsActiveAsync(Nightly)).ShouldBeTrue("a worker has registered another schedule");
    }

    [Fact]
    public async Task Stream_AnEnqueue_IsPushed()
    {
        await using var pushes = _scaler.Stream(Worker, Token).GetAsyncEnumerator(Token);
        var pushed = pushes.MoveNextAsync().AsTask();
        await UntilAsync(() => _scaler.Storage.Waits > 0);
        pushed.IsCompleted.ShouldBeFalse();
        await EnqueueAsync("images");
        (await pushed.WaitAsync(TimeSpan.FromSeconds(60), Token)).ShouldBeTrue();
        pushes.Current.Result.ShouldBeTrue();
    }

    [Fact]
    public async Task Stream_ADelayedMessage_IsPushedWhenItIsReady()
    {
        await Storage.Queues.EnqueueAsync(new() { Queue = "images", Body = "{}", Delay = TimeSpan.FromMilliseconds(300) }, Token);
        (await _scaler.IsActiveAsync(Worker)).ShouldBeFalse();
        (await FirstAsync(Worker)).ShouldBeTrue();
    }

    [Fact]
    public async Task Stream_ATimer_IsPushedItsLeadAhead()
    {
        var reference = References.Of(("app", "mirror"), ("timers", "Mirror=0 0 2 * * *"), ("lead", "1h"));
        var next = TimeProvider.System.GetUtcNow().AddHours(1).AddMilliseconds(500);
        await SetAsync(new("Mirror", "0 0 2 * * * (UTC)", null, next, TimeProvider.System.GetUtcNow()), null);
        (await _scaler.IsActiveAsync(reference)).ShouldBeFalse();
        (await FirstAsync(reference)).ShouldBeTrue();
        (next - TimeProvider.System.GetUtcNow()).ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Stream_WhileWorkIsThere_IsRepeated()
    {
        await using var scaler = await InProcessScaler.StartAsync(new() { Repeat = TimeSpan.FromMilliseconds(20) });
        await scaler.Storage.Queues.EnqueueAsync(new() { Queue = "images", Body = "{}" }, Token);
        var count = 0;
        await foreach (var push in scaler.Stream(Worker, Token))
        {
            push.Result.ShouldBeTrue();
            if (++count == 5)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Stream_AtTheStop_EndsWithOk()
    {
        var pushed = 0;
        var reading = Task.Run(
            async () =>
            {
                await foreach (var _ in _scaler.Stream(Worker, Token))
                {
                    pushed++;
                }
            },
            Token);
        await UntilAsync(() => _scaler.Storage.Waits > 0);
        await _scaler.Host.StopAsync();
        await reading.WaitAsync(TimeSpan.FromSeconds(60), Token);
        pushed.ShouldBe(0);
    }

    [Fact]
    public async Task StorageThatFails_IsUnavailable_AndTheStreamGoesOn()
    {
        await using var scaler = await InProcessScaler.StartAsync(new() { Pause = TimeSpan.FromMilliseconds(50), PollAge = TimeSpan.Zero });
        await using var pushes = scaler.Stream(Worker, Token).GetAsyncEnumerator(Token);
        var pushed = pushes.MoveNextAsync().AsTask();
        await UntilAsync(() => scaler.Storage.Waits > 0);

        scaler.Storage.Failure = new HostStorageException("db:5432: the connection was refused.");
        foreach (var call in new Task[] { scaler.IsActiveAsync(Worker), scaler.MetricAsync(Worker) })
        {
            var error = await Should.ThrowAsync<RpcException>(() => call);
            error.StatusCode.ShouldBe(StatusCode.Unavailable);
            error.Status.Detail.ShouldContain("the connection was refused");
        }

        await EnqueueAsync(scaler, "images");
        await Task.Delay(200, Token);
        pushed.IsCompleted.ShouldBeFalse();
        scaler.Storage.Failure = null;
        (await pushed.WaitAsync(TimeSpan.FromSeconds(60), Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task StorageThatAnswersNothing_IsUnavailableInTime_AndSpecsAreStillTold()
    {
        await using var scaler = await InProcessScaler.StartAsync(timeout: TimeSpan.FromMilliseconds(200));
        scaler.Storage.Gate = new TaskCompletionSource().Task;
        var error = await Should.ThrowAsync<RpcException>(() => scaler.IsActiveAsync(Worker));
        error.StatusCode.ShouldBe(StatusCode.Unavailable);
        error.Status.Detail.ShouldContain("did not answer within 0.2 s");
        (await scaler.SpecAsync(Worker)).MetricName.ShouldBe("ebb-mirror");
        (await scaler.Http.GetStringAsync("/metrics", Token)).ShouldContain("ebb_scaler_storage_up 0");
        (await scaler.Http.GetAsync("/healthz/ready", Token)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Idle_FiftyStreams_ReadTogether()
    {
        await using var scaler = await InProcessScaler.StartAsync(new() { Beat = TimeSpan.FromMilliseconds(500) });
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var streams = Enumerable.Range(0, 50)
            .Select(number => References.Of(("app", $"app{number}"), ("queues", $"queue{number}")))
            .Select(reference => Task.Run(() => DrainAsync(scaler, reference, ends.Token), Token)).ToList();
        await UntilAsync(() => scaler.Storage.Waits >= 50);
        var before = scaler.Storage.Counts;
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        (scaler.Storage.Counts - before).ShouldBeInRange(1, 49, "on each of four beats fifty streams look, and share what is read");
        scaler.Storage.Waits.ShouldBe(50, "waiting is asked for once");
        await ends.CancelAsync();
        await Task.WhenAll(streams);
    }

    [Fact]
    public async Task Metrics_OfEverythingThere_AreOnThePage()
    {
        await EnqueueAsync("images");
        await EnqueueAsync("images");
        var taken = await TakeAsync("images", 1);
        await Storage.Queues.SettleAsync(taken[0], new Settlement.Succeeded(null), Token);
        await SetAsync(new("Mirror", "0 0 3 * * * (UTC)", null, DateTimeOffset.UnixEpoch.AddSeconds(1.5), TimeProvider.System.GetUtcNow()), null);
        await _scaler.IsActiveAsync(Worker);
        await _scaler.IsActiveAsync(Nightly);

        using var answer = await _scaler.Http.GetAsync("/metrics", Token);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var page = (await answer.Content.ReadAsStringAsync(Token)).Split('\n');
        foreach (var line in new[]
        {
            "ebb_app_active{app=\"mirror\"} 1",
            "ebb_app_queue_info{app=\"mirror\",queue=\"images\"} 1",
            "ebb_queue_messages{queue=\"images\",state=\"ready\"} 1",
            "ebb_queue_messages{queue=\"$timer-Mirror\",state=\"ready\"} 0",
            "ebb_function_runs{function=\"MirrorOnRequest\",state=\"succeeded\"} 1",
            "ebb_timer_next_due_timestamp_seconds{function=\"Mirror\"} 1.5",
            "ebb_timer_registered{app=\"nightly\",function=\"Mirror\"} 0",
            "ebb_scaler_storage_up 1",
            "ebb_scaler_calls_total{method=\"IsActive\",status=\"OK\"} 2",
            "ebb_scaler_call_duration_seconds_count{method=\"IsActive\"} 2",
        })
        {
            page.ShouldContain(line);
        }

        page.ShouldContain(line => line.StartsWith("ebb_function_last_success_timestamp_seconds{function=\"MirrorOnRequest\"} 1"));
        page.ShouldContain(line => line.StartsWith("ebb_function_last_duration_seconds{function=\"MirrorOnRequest\"} "));
    }

    [Theory]
    [InlineData("/healthz/live", 200)]
    [InlineData("/healthz/ready", 200)]
    [InlineData("/other", 404)]
    public async Task Http_EachPath_Answers(string path, int status) => ((int)(await _scaler.Http.GetAsync(path, Token)).StatusCode).ShouldBe(status);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 6000 && !condition(); i++)
        {
            await Task.Delay(10, Token);
        }

        condition().ShouldBeTrue();
    }

    private static async Task EnqueueAsync(InProcessScaler scaler, string queue) =>
        await scaler.Storage.EnqueueAsync(new() { Queue = queue, Body = "{}" }, Token);

    private Task EnqueueAsync(string queue) => EnqueueAsync(_scaler, queue);

    private async Task<IReadOnlyList<LeasedMessage>> TakeAsync(string queue, int count = 10) => await Storage.Queues.DequeueAsync(
        new() { Queue = queue, Function = "MirrorOnRequest", Instance = "i", MaxCount = count, LeaseDuration = TimeSpan.FromMinutes(5) }, Token);

    private async Task SetAsync(ScheduleState state, ScheduleState? expected) =>
        (await Storage.Schedules.TrySetAsync(state, expected, Token)).ShouldBeTrue();

    private async Task<bool> FirstAsync(ScaledObjectRef reference)
    {
        await using var pushes = _scaler.Stream(reference, Token).GetAsyncEnumerator(Token);
        (await pushes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token)).ShouldBeTrue();
        return pushes.Current.Result;
    }

    private static async Task DrainAsync(InProcessScaler scaler, ScaledObjectRef reference, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in scaler.Stream(reference, cancellationToken))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }
}
