using Ebb.Storage.Tests.Postgres;

namespace Ebb.Storage.Tests.Roles;

/// <summary>What each role may not, tried with SQL of its own: a process that was taken over is not bound to the statements of its program.</summary>
public sealed class ForbiddenTests(PostgresFixture fixture)
{
    private const string Id = "'00000000-0000-7000-8000-000000000001'";
    private const string Values = "($ID, 1, 1, '$QUEUE', 0, 0, now(), now(), '{}')";
    private const string Insert = "insert into messages (id, seq, position, queue, place, trigger, visible_at, created_at, body) values ";
    private const string Record = "insert into runs (id, seq, queue, state, trigger, created_at, ended_at, function, result) values ";
    private const string Document = "insert into documents (key, value, version, updated_at, written_by) values ";

    public static TheoryData<string, string> Deeds { get; } = new()
    {
        // The door forges what workers know.
        { "door", $"{Document} ('secrets/shop/prod', '{{}}', 99, now(), {Id})" },
        { "door", $"{Document} ('secrets/shop/prod', '{{}}', 99, now(), {Id}) on conflict (key) do update set value = '{{}}'" },
        { "door", "update documents set value = '{}'" },
        { "door", "delete from documents" },
        { "door", "select * from documents where key = 'image-mirror/signed'" },
        // The door ends, takes, changes or reads what it sent.
        { "door", "update messages set caller = 'somebody'" },
        { "door", "update messages set body = '{}'" },
        { "door", "update messages set place = 0, visible_at = now()" },
        { "door", $"update messages set lease_token = {Id}, lease_until = now() + interval '1 hour'" },
        { "door", "update messages set progress = 'done'" },
        { "door", "delete from messages where lease_until is not null" },
        { "door", "delete from messages where place = 3" },
        { "door", "select body from messages" },
        { "door", "select m from messages m" },
        { "door", "copy messages to stdout" },
        { "door", "update runs set caller = 'somebody'" },
        { "door", "update runs set state = 2, result = '{}' where queue is not null" },
        { "door", "update runs set state = 2, result = '{}' where function = 'OnMessage'" },
        { "door", "delete from runs where function <> 'Ask'" },
        { "door", $"{Record} ({Id}, 1, 'secret-changes', 2, 0, now(), now(), 'Change', '{{}}')" },
        { "door", $"{Record} ({Id}, 1, null, 2, 0, now(), now(), 'Change', '{{}}')" },
        { "door", $"{Record} ((select id from messages where place = 0 limit 1), 1, null, 2, 0, now(), now(), 'Ask', '{{}}')" },
        { "door", Insert + Values.Replace("$ID", Id).Replace("$QUEUE", "$timer-Refresh") },
        { "door", Insert.Replace("body)", "body, attempts)") + Values.Replace("$ID", Id).Replace("$QUEUE", "secret-changes").Replace("'{}')", "'{}', '[]')") },
        { "door", "update schedules set next = now() + interval '10 years'" },
        { "door", "delete from schedules" },
        // A worker does the same to another's.
        { "mirror", "select id from messages where queue = 'secret-changes'" },
        { "mirror", "select body from messages where queue <> 'image-mirror'" },
        { "mirror", "select id from runs where queue = 'secret-changes' or function = 'Change'" },
        { "mirror", "select 1 from schedules" },
        { "mirror", "select 1 from idempotency_keys where queue = 'secret-changes'" },
        { "mirror", "select 1 from documents where key not like 'image-mirror/%'" },
        { "mirror", "update messages set place = 0 where queue = 'secret-changes'" },
        { "mirror", "delete from messages where queue = 'secret-changes'" },
        { "mirror", Insert + Values.Replace("$ID", Id).Replace("$QUEUE", "secret-changes") },
        { "mirror", $"{Record} ({Id}, 1, 'secret-changes', 2, 0, now(), now(), 'Change', '{{}}')" },
        { "mirror", "insert into idempotency_keys (queue, key, run_id) values ('secret-changes', 'k2', gen_random_uuid())" },
        { "mirror", $"{Document} ('secrets/shop/prod', '{{}}', 99, now(), {Id}) on conflict (key) do update set value = '{{}}'" },
        { "mirror", $"{Document} ('image-mirrors', '{{}}', 99, now(), {Id})" },
        { "mirror", "update documents set value = '{}' where key like 'secrets/%'" },
        { "mirror", "update documents set key = 'secrets/shop/test' where key like 'image-mirror/%'" },
        { "mirror", "insert into schedules (timer, schedule, next, updated_at) values ('Refresh2', 'x', now(), now())" },
        { "bump", "update messages set caller = 'somebody'" },
        { "bump", "update messages set queue = 'image-mirror'" },
        { "bump", "update runs set caller = 'somebody'" },
        { "bump", "update schedules set timer = 'Other'" },
        { "door", "grant all on messages to public" },
        { "bump", "grant all on messages to public" },
        // The scaler reads, and not everything.
        { "scaler", "select body from messages" },
        { "scaler", "select 1 from documents where key not like 'gauges/%'" },
        { "scaler", "update messages set place = 0" },
        { "scaler", "delete from messages" },
        { "scaler", Insert + Values.Replace("$ID", Id).Replace("$QUEUE", "secret-changes") },
        { "scaler", "update runs set state = 2" },
        { "scaler", "delete from runs" },
        { "scaler", $"{Document} ('gauges/x', '{{}}', 99, now(), {Id})" },
        { "scaler", "update schedules set next = now()" },
        { "scaler", "select await_run(id) from messages" },
    };

    /// <summary>What nobody but the owner may.</summary>
    public static IReadOnlyList<string> OwnersDeeds { get; } =
    [
        "create table mine (a int)",
        "create function mine() returns int language sql as 'select 1'",
        "drop table documents",
        "truncate messages",
        "alter table messages disable row level security",
        "alter table messages no force row level security",
        "create policy mine on messages using (true)",
        "create trigger mine before insert on messages for each row execute function suppress_redundant_updates_trigger()",
        "create rule mine as on insert to messages do instead nothing",
        "insert into schema_versions (version) values (99)",
        "select setval('order_numbers', 1)",
        "set role $OWNER",
        "set session authorization $OWNER",
        "grant $OWNER to current_user",
        "alter role current_user superuser",
        "create role mine",
        "copy (select 1) to program 'id'",
        "copy schema_versions to '/tmp/ebb-stolen'",
        "alter function await_run(uuid) set search_path = public",
        "create or replace function await_run(run uuid) returns void language sql as 'select'",
    ];

    [Theory]
    [MemberData(nameof(Deeds))]
    public async Task Role_DeedOfAnother_IsRefusedAndChangesNothing(string role, string sql)
    {
        await using var installation = await FilledAsync();
        var before = await installation.FingerprintAsync();

        (await installation.TryAsync($"{installation.Schema}_{role}", sql) ?? 0).ShouldBe(0, $"{role}: {sql}");

        (await installation.FingerprintAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("door")]
    [InlineData("bump")]
    [InlineData("mirror")]
    [InlineData("scaler")]
    public async Task Role_DeedOfTheOwner_IsRefused(string role)
    {
        await using var installation = await FilledAsync();
        var before = await installation.FingerprintAsync();
        foreach (var sql in OwnersDeeds)
            (await installation.TryAsync($"{installation.Schema}_{role}", sql.Replace("$OWNER", installation.Owner, StringComparison.Ordinal))).ShouldBeNull(sql);

        (await installation.FingerprintAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task AwaitRun_TemporaryTableOfTheCaller_IsNotTheOne()
    {
        await using var installation = await FilledAsync();

        await installation.TryAsync(installation.Door, "create temporary table messages (id uuid, awaited boolean); select await_run(id) from " + installation.Schema + ".messages");

        (await installation.AskAsync("select count(*) from messages where awaited")).ShouldBe(await installation.AskAsync("select count(*) from messages"));
    }

    /// <summary>Every table has something of everybody's in it.</summary>
    private async Task<Installation> FilledAsync()
    {
        var installation = await Installation.CreateAsync(fixture);
        var owner = await installation.OpenAsync(installation.Owner);
        foreach (var (queue, key) in new[] { (Installation.Changes, "k1"), (Installation.Images, "k1"), (ScheduleState.QueueOf(Installation.Timer), null) })
        {
            await EnqueueAsync(owner, queue, key);
            await EnqueueAsync(owner, queue, null);
            var leased = (await owner.Queues.DequeueAsync(new() { Queue = queue, Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromHours(1) }, default)).ShouldHaveSingleItem();
            await EnqueueAsync(owner, queue, null);
            foreach (var other in await owner.Queues.DequeueAsync(new() { Queue = queue, Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromHours(1) }, default))
                await owner.Queues.SettleAsync(other, new Settlement.Poisoned(new("E", "e")), default);
            await EnqueueAsync(owner, queue, null);
            leased.Caller.ShouldBe("pipeline");
        }
        foreach (var function in new[] { "Ask", "OnMessage", "MirrorImages" })
            await owner.Runs.RecordAsync(new() { Id = RunId.New(TimeProvider.System), Function = function, Trigger = TriggerKind.RabbitMQ, State = RunState.Running, CreatedAt = DateTimeOffset.UnixEpoch }, default);
        var now = TimeProvider.System.GetUtcNow();
        await owner.Schedules.TrySetAsync(new(Installation.Timer, "x", null, now, now), null, default);
        foreach (var key in new[] { "secrets/shop/prod", "image-mirror/signed", "gauges/bump/a" })
            await owner.Documents.PutAsync(key, "[]", null, default);
        return installation;
    }

    private static async Task EnqueueAsync(IHostStorage storage, string queue, string? key) =>
        await storage.Queues.EnqueueAsync(new() { Queue = queue, Body = "sealed", IdempotencyKey = key, Caller = "pipeline" }, default);
}
