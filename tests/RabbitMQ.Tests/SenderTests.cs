using System.Text;
using Ebb.RabbitMq.Tests.Servers;
using Ebb.Storage;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ebb.RabbitMq.Tests;

/// <summary>Who counts as the caller of a message, and what it may ask for. The host is the user guest; senders are others.</summary>
public sealed class SenderTests(BrokerFixture broker)
{
    private const string Scopes = """{ "rabbitmq:user/ci": ["shop"], "rabbitmq:user/admin": ["*"], "rabbitmq:queue/elsewhere": ["*"] }""";

    [Fact]
    public async Task Sender_OfNoScope_MayChangeNothing()
    {
        await using var bench = await StartAsync("{}");

        await SendAsync(bench, bench.Change, "shop", user: null);

        await RefusedAsync(bench, bench.Change, $"'rabbitmq:queue/{bench.Change}' may not act on 'shop'");
        bench.Ledger.Begun.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sender_NamedInScopes_ChangesWhatItMayAndNothingElse()
    {
        await using var bench = await StartAsync();

        await SendAsync(bench, bench.Change, "shop");
        await SendAsync(bench, bench.Change, "till");

        await RefusedAsync(bench, bench.Change, "'rabbitmq:user/ci' may not act on 'till'");
        (await CallerAsync(bench, "shop")).ShouldBe("rabbitmq:user/ci");
        bench.Ledger.Begun.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Queue_NamedInScopes_IsWhoeverSendsWithoutAUser()
    {
        await using var bench = new Bench(broker.Server);
        await bench.ScopeAsync($$"""{ "rabbitmq:queue/{{bench.Change}}": ["shop"] }""");
        await bench.StartTakingAsync();

        await SendAsync(bench, bench.Change, "shop", user: null);

        (await CallerAsync(bench, "shop")).ShouldBe($"rabbitmq:queue/{bench.Change}");
    }

    [Fact]
    public async Task Sender_AfterARetryAndARedrive_IsStillTheFirst()
    {
        await using var bench = await StartAsync();

        await SendAsync(bench, bench.Change, "shop", "fail-once");
        await SendAsync(bench, bench.Change, "till");

        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("shop"), "the second attempt");
        await bench.EventuallyAsync(async () => await bench.CountAsync($"{bench.Change}-poison") == 1, "the refusal");
        await bench.RunAsync("rabbitmq", "redrive", bench.Change);
        await RefusedAsync(bench, bench.Change, "'rabbitmq:user/ci' may not act on 'till'");
        bench.Ledger.Begun.Select(begun => begun.Retry).ShouldBe([0, 1]);
        (await CallerAsync(bench, "shop")).ShouldBe("rabbitmq:user/ci");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-retry")]
    public async Task Sender_ThatWritesWhatWorkersWrite_IsNotBelieved(string queue)
    {
        await using var bench = await StartAsync();

        await SendAsync(bench, bench.Change + queue, "till", user: null, headers: new() { ["x-ebb-sender"] = "admin" });
        await RefusedAsync(bench, bench.Change, $"'rabbitmq:queue/{bench.Change}' may not act on 'till'");

        await SendAsync(bench, bench.Change + queue, "till", headers: new() { ["x-ebb-sender"] = "admin" });
        await RefusedAsync(bench, bench.Change, "'rabbitmq:user/ci' may not act on 'till'");
    }

    [Fact]
    public async Task Sender_ThatWritesIntoThePoisonQueue_GainsNothingByARedrive()
    {
        await using var bench = await StartAsync();
        await SendAsync(bench, $"{bench.Change}-poison", "till", user: null, headers: new() { ["x-ebb-sender"] = "admin" });

        await bench.RunAsync("rabbitmq", "redrive", bench.Change);

        await RefusedAsync(bench, bench.Change, $"'rabbitmq:queue/{bench.Change}' may not act on 'till'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-retry")]
    public async Task Sender_ThatNamesAnothersRun_LeavesItsRecordAsItWas(string queue)
    {
        await using var bench = await StartAsync();
        await SendAsync(bench, bench.Change, "shop");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("shop"), "the run");
        var named = bench.Ledger.Begun.Single().Run;
        await bench.EventuallyAsync(async () => await bench.Runs.GetAsync(named, default) is { IsFinal: true }, "its record");

        await SendAsync(bench, bench.Change + queue, "till", headers: new()
        {
            ["x-ebb-run-id"] = named.ToString(),
            ["x-ebb-attempts"] = 50L,
            ["x-ebb-exchange"] = "elsewhere",
        });
        await RefusedAsync(bench, bench.Change, "'rabbitmq:user/ci' may not act on 'till'");

        var run = await bench.Runs.GetAsync(named, default);
        (run!.State, run.Error, run.Attempts.Count).ShouldBe((RunState.Succeeded, null, 1));
    }

    [Fact]
    public async Task Senders_OfOneMessageId_AreTwoRuns()
    {
        await using var bench = await StartAsync("""{ "rabbitmq:user/ci": ["*"], "rabbitmq:user/admin": ["*"], "rabbitmq:queue/elsewhere": ["*"] }""");
        await SendAsync(bench, bench.Change, "shop", messageId: "4711");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("shop"), "the first");

        await SendAsync(bench, bench.Change, "till", user: "other", messageId: "4711");

        var refused = await RefusedAsync(bench, bench.Change, "'rabbitmq:user/other' may not act on 'till'");
        refused.ShouldNotBe(bench.Ledger.Begun.Single().Run.ToString());
        (await CallerAsync(bench, "shop")).ShouldBe("rabbitmq:user/ci");
    }

    [Fact]
    public async Task Function_ThatActsOnNoNames_RefusesALimitedSenderAndTakesAnother()
    {
        await using var bench = await StartAsync();

        await SendAsync(bench, bench.Queue, "a");
        await SendAsync(bench, bench.Queue, "b", user: null);

        await RefusedAsync(bench, bench.Queue, "scopes.json limits 'rabbitmq:user/ci' to some names, and 'Work' acts on none");
        (await CallerAsync(bench, "b")).ShouldBe($"rabbitmq:queue/{bench.Queue}");
        bench.Ledger.Begun.ShouldHaveSingleItem();
    }

    // What all of this rests on (RabbitMQ, Validated User-ID).
    [Fact]
    public async Task Broker_UserIdOfAnother_IsRefused()
    {
        await using var bench = await StartAsync();

        var refused = await Should.ThrowAsync<AlreadyClosedException>(() => SendAsync(bench, bench.Change, "till", headers: [], userId: "admin"));

        refused.Message.ShouldContain("user_id property set to 'admin' but authenticated user was 'ci'");
    }

    [Fact]
    public async Task Start_SenderOfNoForm_IsRefused()
    {
        await using var bench = new Bench(broker.Server);
        await bench.ScopeAsync("""{ "rabbitmq:usr/ci": ["shop"] }""");

        var refused = await Should.ThrowAsync<Worker.HostStartException>(() => bench.StartAsync());

        refused.Problems.ShouldHaveSingleItem().ShouldContain("'rabbitmq:usr/ci', which is no sender; write rabbitmq:user/<name> or rabbitmq:queue/<name>");
    }

    private async Task<Bench> StartAsync(string scopes = Scopes)
    {
        foreach (var user in new[] { "ci", "other" })
        {
            await broker.Server.ControlAsync("eval",
                $"catch rabbit_auth_backend_internal:add_user(<<\"{user}\">>, <<\"ci\">>, <<\"test\">>), " +
                $"rabbit_auth_backend_internal:set_permissions(<<\"{user}\">>, <<\"/\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"test\">>).");
        }

        var bench = new Bench(broker.Server);
        await bench.ScopeAsync(scopes);
        await bench.StartTakingAsync();
        return bench;
    }

    /// <summary>Sends as that user, which says so; where <paramref name="user"/> is null as ci, which does not.</summary>
    private async Task SendAsync(
        Bench bench, string queue, string id, string @do = "ok", string? user = "ci", Dictionary<string, object?>? headers = null, string? userId = null, string? messageId = null)
    {
        var factory = new ConnectionFactory { Uri = new Uri(broker.Server.Uri), UserName = user ?? "ci", Password = "ci", AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var properties = new BasicProperties { Persistent = true, Headers = headers, MessageId = messageId };
        if ((userId ?? user) is { } named)
        {
            properties.UserId = named;
        }

        await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","do":"{{@do}}"}"""));
    }

    /// <returns>The run that was refused.</returns>
    private static async Task<string> RefusedAsync(Bench bench, string queue, string reason)
    {
        var headers = (await bench.TakeAsync($"{queue}-poison")).BasicProperties.Headers!;
        Encoding.UTF8.GetString((byte[])headers["x-ebb-reason"]!).ShouldContain(reason);
        Encoding.UTF8.GetString((byte[])headers["x-ebb-error-type"]!).ShouldBe("Forbidden");
        headers["x-ebb-attempts"].ShouldBe(1L);
        return Encoding.UTF8.GetString((byte[])headers["x-ebb-run-id"]!);
    }

    private static async Task<string?> CallerAsync(Bench bench, string id)
    {
        Run? run = null;
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains(id), $"the run of {id}");
        await bench.EventuallyAsync(
            async () => (run = await bench.Runs.GetAsync(bench.Ledger.Begun.First(begun => begun.Id == id).Run, default)) is { IsFinal: true }, $"the record of {id}");
        return run!.Caller;
    }
}
