using System.Text;
using Ebb.Contracts;
using Ebb.ImageMirror.Tests.Mirroring;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.RabbitMQ;
using Ebb.TestServers.Registry;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.ImageMirror.Tests.Processes;

/// <summary>Somebody who may ask for mirroring, and no more, tries to have an image of theirs signed under the name of an approved one.</summary>
public sealed class AttackTests(RealRegistries real) : MirrorTest(real)
{
    private readonly TestImage _approved = TestImage.Create(400);
    private readonly TestImage _evil = TestImage.Create(401);
    private readonly string _queue = $"attack-{Guid.NewGuid():N}";

    public static TheoryData<string> Messages =>
    [
        """{"images":[{"source":"EVIL","name":"alpine","tags":["3.20"]}]}""",
        """{"images":[{"source":"EVIL","name":"alpine","regex":".*"}],"target":"TARGET"}""",
        """{"images":[{"name":"alpine","tags":["3.20"]},{"source":"EVIL","name":"alpine","tags":["3.20"]}]}""",
        """{"images":[{"name":"evil","tags":["3.20"]}]}""",
        """{"images":[{"name":"alpine","tags":["9.99"]}]}""",
        """{"adhoc":[{"source":"EVIL","tags":["3.20"]}]}""",
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task QueueMessage_OfWhatIsNotApproved_IsUnprocessableAndNothingIsWritten(string message)
    {
        await MirrorTheListAsync();
        await using var host = await StartAsync();
        var storage = host.Services.GetRequiredService<IHostStorage>();

        var accepted = await storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = Queues.ImageMirror, Body = Filled(message) }, Token);
        var run = await storage.Runs.WaitAsync(accepted.RunId, TimeSpan.FromSeconds(60), Token);

        (run!.State, run.Error!.Type, run.Attempts.Count).ShouldBe((RunState.Failed, nameof(FailureKind.Unprocessable), 1));
        run.Error.Message.ShouldContain("approved in the list");
        await ShouldBeUntouchedAsync();
    }

    [Fact]
    public async Task RunCommand_OfWhatIsNotApproved_FailsAndNothingIsWritten()
    {
        await MirrorTheListAsync();

        using var process = MirrorProcess.Start(Bench.Folder, "MirrorOnRequest", Filled(Messages.First().Data), Settings());

        (await process.WaitAsync()).ShouldBe(1, process.Error);
        await ShouldBeUntouchedAsync();
    }

    [Fact]
    public async Task BrokerMessage_OfWhatIsNotApproved_IsPoisonedAndNothingIsWritten()
    {
        await MirrorTheListAsync();
        await using var broker = await Broker.StartAsync();
        await using var host = await StartAsync(("RabbitMQ:Uri", broker.Uri), ("ImageMirror:RabbitMQQueue", _queue));
        await using var client = await BrokerClient.ConnectAsync(broker, Token);

        foreach (var message in Messages)
        {
            await client.SendAsync(_queue, Filled(message.Data), Token);
            var poisoned = await client.TakeAsync($"{_queue}-poison", Token);
            Encoding.UTF8.GetString((byte[])poisoned.BasicProperties.Headers!["x-ebb-reason"]!).ShouldContain("approved in the list");
        }

        await ShouldBeUntouchedAsync();
    }

    private async Task MirrorTheListAsync()
    {
        await Bench.PushAsync("alpine", _approved, "3.20");
        await Bench.PushAsync("evil", _evil, "3.20", "9.99");
        Bench.WriteList($"- {{ source: {Bench.Source.Host}/{Bench.Prefix}/alpine, tags: [\"3.20\"] }}");
        using var process = MirrorProcess.Start(Bench.Folder, "MirrorOnSchedule", null, Settings());
        (await process.WaitAsync()).ShouldBe(0, process.Error);
        Bench.Target.Forget();
    }

    private async Task ShouldBeUntouchedAsync()
    {
        Bench.Target.Writes.ShouldBeEmpty();
        (await Bench.TargetDigestAsync("alpine", "3.20")).ShouldBe(_approved.Index.Digest);
        (await Bench.TargetDigestAsync("alpine", "9.99")).ShouldBeNull();
        (await Bench.TargetDigestAsync("evil", "3.20")).ShouldBeNull();
    }

    private string Filled(string message) => message
        .Replace("EVIL", $"{Bench.Source.Host}/{Bench.Prefix}/evil", StringComparison.Ordinal)
        .Replace("TARGET", Bench.TargetPlace, StringComparison.Ordinal);

    private Task<RunningHost> StartAsync(params (string Key, string Value)[] more) => FunctionHost.StartAsync(
        ["--urls=http://127.0.0.1:0", .. Settings(more).Select(setting => $"--{setting.Key}={setting.Value}")],
        [new ImageMirrorApp()],
        new HostEnvironment { WorkingDirectory = Bench.Folder, Output = TextWriter.Null, Error = TextWriter.Null },
        Token);

    private Dictionary<string, string> Settings(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Storage"] = $"sqlite:{System.IO.Path.Combine(Bench.Folder, "storage")}/ebb.db",
            ["ImageMirror:ImagesFile"] = Bench.ListFile,
            ["ImageMirror:Target"] = Bench.TargetPlace,
            ["Signing:Key"] = Bench.KeyFile,
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return settings;
    }
}
