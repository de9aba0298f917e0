using System.Net;
using System.Text.Json.Nodes;
using Ebb.Storage;
using Ebb.Worker.Tests.Commands;

namespace Ebb.Worker.Tests.Hosting;

/// <summary>What is off is nowhere: not listed, mapped, listened to or scheduled. Whoever asks for it by name hears why.</summary>
public sealed class OffTests : IDisposable
{
    private const string Setting = "--Sample:Off=true";

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Functions_Off_AreNotListedAndTheLogSaysWhy()
    {
        await using var host = await SampleHost.StartAsync(settings: Setting);

        var names = (await host.GetJsonAsync("admin/functions", SampleHost.MasterKey)).AsArray().Select(function => (string)function!["name"]!).ToList();

        names.ShouldContain("Hello");
        names.ShouldNotContain("Work");
        names.ShouldNotContain("Enqueue");
        host.Logs.Lines.ShouldContain(line => line.Contains("Off, because Sample:Off is true: Enqueue, Tick, Work."));
    }

    [Theory]
    [InlineData("api/work", SampleHost.HostKey, "'Enqueue' is off: Sample:Off is true.")]
    [InlineData("admin/functions/tick", SampleHost.MasterKey, "'Tick' is off: Sample:Off is true.")]
    public async Task Request_ForWhatIsOff_Is404AndSaysWhy(string path, string key, string detail)
    {
        await using var host = await SampleHost.StartAsync(settings: Setting);

        using var answer = await host.PostAsync(path, """{"do":"ok"}""", key);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        ((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["detail"]!).ShouldBe(detail);
        (await host.Storage.Runs.ListAsync(new RunQuery(), Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_ForWhatIsOff_SaysWhyAndExits2()
    {
        var (code, output, error) = await SampleProcess.RunAsync(_directory, "run", "work", Setting);

        (code, output, error.Trim()).ShouldBe((2, "", "'Work' is off: Sample:Off is true."));
    }

    [Fact]
    public async Task Message_WhileItsFunctionIsOff_WaitsAndIsDoneWhenItIsOnAgain()
    {
        RunId run;
        await using (var off = await SampleHost.StartAsync(directory: _directory, settings: Setting))
        {
            run = (await off.Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = "work", Body = """{"do":"ok"}""" }, Token)).RunId;
            (await off.Storage.Runs.WaitAsync(run, TimeSpan.FromSeconds(1), Token))!.State.ShouldBe(RunState.Queued);
        }

        await using var on = await SampleHost.StartAsync(directory: _directory);

        (await on.EndOfAsync(run)).State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task Timer_TurnedOff_IsDueToNobody()
    {
        await using (var on = await SampleHost.StartAsync(directory: _directory))
        {
            await SampleHost.EventuallyAsync(async () => await on.Storage.Schedules.GetAsync("Tick", Token) is not null, "the timer's state");
        }

        await using var off = await SampleHost.StartAsync(directory: _directory, settings: "--AzureWebJobs:tick:Disabled=true");

        await SampleHost.EventuallyAsync(async () => (await off.Storage.Schedules.GetAsync("Tick", Token))!.Next.Year == 9999, "a state that says never");
        off.Logs.Lines.ShouldContain(line => line.Contains("Off, because AzureWebJobs:tick:Disabled is true: Tick."));
    }

    [Fact]
    public async Task Start_SettingThatIsNeitherTrueNorFalse_IsRefused() =>
        (await Should.ThrowAsync<HostStartException>(() => SampleHost.StartAsync(settings: "--AzureWebJobs:Tick:Disabled=1"))).Problems
            .ShouldHaveSingleItem().ShouldBe("AzureWebJobs:Tick:Disabled is '1'; write true or false.");
}
