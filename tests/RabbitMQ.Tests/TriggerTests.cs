using Ebb.RabbitMq.Tests.Servers;
using Ebb.Storage;

namespace Ebb.RabbitMq.Tests;

public sealed class TriggerTests(BrokerFixture broker)
{
    [Fact]
    public async Task Message_Handled_IsAcknowledgedAndRecorded()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.WorkAsync("a", adapt: properties =>
        {
            properties.MessageId = "the-first";
            properties.Headers = new Dictionary<string, object?> { ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        });

        await bench.EventuallyAsync(() => !bench.Ledger.Ended.IsEmpty, "the run");
        var begun = bench.Ledger.Begun.ShouldHaveSingleItem();
        begun.Trace.ShouldBe("0af7651916cd43dd8448eb211c80319c");
        var run = await EndAsync(bench, begun.Run);
        run.State.ShouldBe(RunState.Succeeded);
        run.Trigger.ShouldBe(TriggerKind.RabbitMQ);
        run.Function.ShouldBe("Work");
        run.TraceId.ShouldBe("0af7651916cd43dd8448eb211c80319c");
        run.Attempts.ShouldHaveSingleItem().Instance.ShouldNotBeNull();
        run.Result.ShouldBe("""{"id":"a","retry":0}""");
        await bench.Host.DisposeAsync();
        (await bench.CountAsync(bench.Queue)).ShouldBe(0u);
    }

    [Fact]
    public async Task Message_FailsOnce_IsAnotherAttemptOfTheSameRun()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.WorkAsync("a", "fail-once");
        await bench.EventuallyAsync(() => !bench.Ledger.Ended.IsEmpty, "the second attempt");
        bench.Ledger.Begun.Select(begun => begun.Retry).ShouldBe([0, 1]);
        var run = await EndAsync(bench, bench.Ledger.Begun.Select(begun => begun.Run).Distinct().ShouldHaveSingleItem());
        run.State.ShouldBe(RunState.Succeeded);
        run.Attempts.Select(attempt => attempt.Error?.Message).ShouldBe(["It was told to fail once.", null]);
    }

    [Fact]
    public async Task Message_FailsAlways_IsPoisonedWithItsReasonAndCanBeRedriven()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.WorkAsync("a", "fail", properties => properties.Headers = new Dictionary<string, object?> { ["mine"] = 5, ["CC"] = new List<object?> { "elsewhere" } });
        await bench.EventuallyAsync(async () => await bench.CountAsync($"{bench.Queue}-poison") == 1, "the poisoned message");
        bench.Ledger.Beginnings("a").ShouldBe(3);
        (await EndAsync(bench, bench.Ledger.Begun.First().Run)).State.ShouldBe(RunState.Poisoned);

        var (code, text) = await bench.RunAsync("rabbitmq", "redrive", $"{bench.Queue}-poison");
        text.ShouldContain($"{bench.Queue}: 1 message put back");
        code.ShouldBe(0);
        await bench.EventuallyAsync(() => bench.Ledger.Beginnings("a") == 6, "three more attempts");
        bench.Ledger.Begun.Select(begun => begun.Run).Distinct().Count().ShouldBe(2);

        var poisoned = await bench.TakeAsync($"{bench.Queue}-poison");
        Header(poisoned, "x-ebb-reason").ShouldBe("It was told to fail.");
        Header(poisoned, "x-ebb-error-type").ShouldBe("InvalidOperationException");
        Header(poisoned, "x-ebb-function").ShouldBe("Work");
        Header(poisoned, "x-ebb-routing-key").ShouldBe(bench.Queue);
        Header(poisoned, "x-ebb-exchange").ShouldBe("");
        DateTimeOffset.TryParse(Header(poisoned, "x-ebb-poisoned-at"), out _).ShouldBeTrue();
        poisoned.BasicProperties.Headers!["x-ebb-attempts"].ShouldBe(3L);
        poisoned.BasicProperties.Headers["mine"].ShouldBe(5);
        poisoned.BasicProperties.Headers.ShouldNotContainKey("CC");
    }

    [Theory]
    [InlineData("{\"id\":5,\"do\":\"ok\"}", "$.id")]
    [InlineData("nonsense", "$")]
    [InlineData("null", "$")]
    public async Task Message_NotReadable_IsPoisonedAtOnce(string body, string path)
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.SendAsync(bench.Queue, body);
        var poisoned = await bench.TakeAsync($"{bench.Queue}-poison");
        Header(poisoned, "x-ebb-reason")!.ShouldContain($"WorkMessage: at {path},");
        poisoned.BasicProperties.Headers!["x-ebb-attempts"].ShouldBe(1L);
        System.Text.Encoding.UTF8.GetString(poisoned.Body.Span).ShouldBe(body);
    }

    [Fact]
    public async Task Message_NotText_IsPoisonedAsItCame()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await using var channel = await bench.ChannelAsync();
        byte[] body = [0xFF, 0xFE, 0x00, 0x41];
        await channel.BasicPublishAsync("", bench.Queue, mandatory: true, new global::RabbitMQ.Client.BasicProperties(), body);
        var poisoned = await bench.TakeAsync($"{bench.Queue}-poison");
        poisoned.Body.ToArray().ShouldBe(body);
        Header(poisoned, "x-ebb-reason")!.ShouldContain("not UTF-8");
    }

    [Fact]
    public async Task Message_TooLong_IsPoisonedAndTheConnectionGoesOn()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.SendAsync(bench.Queue, new string('a', EnqueueRequest.MaxBodyBytes + 1));
        Header(await bench.TakeAsync($"{bench.Queue}-poison"), "x-ebb-error-type").ShouldBe("MessageTooLong");
        await bench.WorkAsync("next");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("next"), "the next message");
        bench.Logs.Lines.ShouldNotContain(line => line.Contains("lost RabbitMQ queue"));
    }

    // Headers travel in one frame (AMQP 0-9-1, section 2.3.5.2): with the worker's own these fit no longer, and the broker would end the connection.
    [Fact]
    public async Task Message_HeadersFillTheFrame_IsRetriedAndPoisonedWithoutThem()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.WorkAsync("a", "fail", properties => properties.Headers = new Dictionary<string, object?>
        {
            ["big"] = new string('a', 130_900),
            ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        });

        var poisoned = await bench.TakeAsync($"{bench.Queue}-poison");

        Header(poisoned, "x-ebb-reason").ShouldBe("It was told to fail.");
        Header(poisoned, "traceparent").ShouldBe("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        poisoned.BasicProperties.Headers!.ShouldNotContainKey("big");
        bench.Ledger.Beginnings("a").ShouldBe(3);
    }

    [Fact]
    public async Task Message_FunctionSaysForGood_EndsFailedAndIsNotPoisoned()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.WorkAsync("a", "fail-for-good");
        await bench.EventuallyAsync(() => bench.Ledger.Beginnings("a") == 1, "the run");
        var run = await EndAsync(bench, bench.Ledger.Begun.First().Run);
        run.State.ShouldBe(RunState.Failed);
        run.Error!.Message.ShouldBe("It will never work.");
        await bench.Host.DisposeAsync();
        (await bench.CountAsync(bench.Queue)).ShouldBe(0u);
        (await bench.CountAsync($"{bench.Queue}-poison")).ShouldBe(0u);
    }

    [Fact]
    public async Task Message_RetryAttribute_DecidesHowOftenAndHowLong()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.SendAsync(bench.Patient, "it");
        Header(await bench.TakeAsync($"{bench.Patient}-poison"), "x-ebb-reason").ShouldBe("It cannot do it.");
        bench.Ledger.Beginnings("it").ShouldBe(3);
        (await bench.CountAsync($"{bench.Patient}-retry")).ShouldBe(0u);
    }

    [Fact]
    public async Task Message_SendersExpirationAndUser_DoNotHinderTheRetry()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.WorkAsync("a", "fail-once", properties => (properties.Expiration, properties.UserId) = ("30000", "guest"));
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the second attempt");
    }

    [Fact]
    public async Task Message_SameIdTwice_IsOneRunAndWithoutIdTwo()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        for (var i = 0; i < 2; i++)
        {
            await bench.WorkAsync("known", adapt: properties => properties.MessageId = "m-1");
            await bench.WorkAsync("unknown");
        }

        await bench.EventuallyAsync(() => bench.Ledger.Ended.Count == 4, "four messages");
        bench.Ledger.Begun.Where(begun => begun.Id == "known").Select(begun => begun.Run).Distinct().Count().ShouldBe(1);
        bench.Ledger.Begun.Where(begun => begun.Id == "unknown").Select(begun => begun.Run).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Output_ReturnValue_IsSentAsItsTextBeforeTheInputIsAcknowledged()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.SendAsync(bench.Echo, "nothing");
        await bench.SendAsync(bench.Echo, "\uFEFFhello");
        var sent = await bench.TakeAsync(bench.Echoed);
        System.Text.Encoding.UTF8.GetString(sent.Body.Span).ShouldBe("hello!");
        sent.BasicProperties.MessageId.ShouldEndWith("-Echo");
        Header(sent, "traceparent").ShouldNotBeNull();
        (await bench.CountAsync(bench.Echoed)).ShouldBe(0u);
    }

    [Fact]
    public async Task Stop_RunningWork_IsHandedBackAtOnceWhenTheGraceIsOver()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync(null, "--Shutdown:Grace=00:00:00.100");
        await bench.WorkAsync("obedient", "wait");
        await bench.WorkAsync("stubborn", "hang");
        await bench.EventuallyAsync(() => bench.Ledger.Begun.Count == 2, "both to run");
        await bench.Host.DisposeAsync();
        (await bench.CountAsync(bench.Queue)).ShouldBe(2u);
        bench.Ledger.Open("stubborn");
    }

    [Fact]
    public async Task Stop_WorkHandedBackAgainAndAgain_CountsNoAttempt()
    {
        await using var bench = new Bench(broker.Server);
        for (var stops = 0; stops < 5; stops++)
        {
            await bench.StartTakingAsync(null, "--Shutdown:Grace=00:00:00.100");
            if (stops == 0)
            {
                await bench.WorkAsync("a", "wait");
            }

            await bench.EventuallyAsync(() => bench.Ledger.Beginnings("a") == stops + 1, "it to run");
            await bench.Host.DisposeAsync();
        }

        bench.Ledger.Begun.ShouldAllBe(begun => begun.Retry == 0);
        var run = bench.Ledger.Begun.Select(begun => begun.Run).Distinct().ShouldHaveSingleItem();
        await bench.StartTakingAsync();
        bench.Ledger.Open("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "its end");
        (await EndAsync(bench, run)).Attempts.Count.ShouldBe(1);
        (await bench.CountAsync($"{bench.Queue}-poison")).ShouldBe(0u);
    }

    [Fact]
    public async Task Stop_UnderLoad_CountsNoDeliveryOfWhatIsLeft()
    {
        const int Sent = 500;
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Sent; i++)
            {
                await bench.WorkAsync($"{i}");
            }
        });
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Count > 50, "some of the work");
        await bench.Host.DisposeAsync();
        await sending;

        var left = 0;
        await using var channel = await bench.ChannelAsync();
        while (await channel.BasicGetAsync(bench.Queue, autoAck: true) is { } message)
        {
            left++;
            (message.BasicProperties.Headers?.TryGetValue("x-delivery-count", out var count) is true ? count : 0L).ShouldBe(0L);
        }
        (bench.Ledger.Ended.Count + left).ShouldBe(Sent);
    }

    [Fact]
    public async Task Stop_WorkThatEndsWithinTheGrace_IsAcknowledged()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.WorkAsync("a", "wait");
        await bench.EventuallyAsync(() => bench.Ledger.Beginnings("a") == 1, "it to run");
        var stopping = bench.Host.StopAsync();
        bench.Ledger.Open("a");
        await stopping;
        await bench.Host.DisposeAsync();
        bench.Ledger.Ended.ShouldBe(["a"]);
        (await bench.CountAsync(bench.Queue)).ShouldBe(0u);
    }

    private static string? Header(global::RabbitMQ.Client.BasicGetResult message, string name) =>
        message.BasicProperties.Headers?[name] is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private static async Task<Run> EndAsync(Bench bench, RunId id)
    {
        Run? run = null;
        await bench.EventuallyAsync(async () => (run = await bench.Runs.GetAsync(id, default)) is { IsFinal: true }, $"the end of run {id}");
        return run!;
    }
}
