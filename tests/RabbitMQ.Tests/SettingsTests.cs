using Ebb.RabbitMq.Configuration;
using Ebb.RabbitMq.Tests.App;
using Ebb.TestServers.Logs;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.RabbitMq.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Read_NothingConfigured_IsNoBrokerAndNoProblem()
    {
        var (options, problems) = Read();
        options.ShouldBeNull();
        problems.ShouldBeEmpty();
    }

    [Fact]
    public void Read_Uri_IsTakenApart()
    {
        var (options, problems) = Read(("Uri", "amqps://ebb:s%20t@broker.example/team%2Fa"));
        problems.ShouldBeEmpty();
        (options!.Host, options.Port, options.VirtualHost, options.UserName, options.Password, options.Tls)
            .ShouldBe(("broker.example", 5671, "team/a", "ebb", "s t", true));
        options.ToString().ShouldNotContain("s t");
    }

    [Fact]
    public void Read_ManyMistakes_AreAllToldWithoutTheSecret()
    {
        var (_, problems) = Read(
            ("Uri", "http://me:geheim@x"), ("Port", "many"), ("Pasword", "geheim"), ("Password", "geheim"));
        problems.Count.ShouldBe(4);
        problems.ShouldContain(problem => problem.StartsWith("RabbitMQ:Port is 'many'"));
        problems.ShouldContain(problem => problem.StartsWith("RabbitMQ:Uri is not the address"));
        problems.ShouldContain(problem => problem.StartsWith("RabbitMQ:Pasword is not known"));
        problems.ShouldContain(problem => problem.Contains("RabbitMQ:PasswordFile"));
        string.Join('\n', problems).ShouldNotContain("geheim");
    }

    [Fact]
    public void Read_LoginAndTls_AreCheckedTogether()
    {
        var (_, problems) = Read(
            ("Host", "broker.example"), ("UserName", "ebb"), ("PasswordFile", "/nowhere/password"), ("CaFile", "/nowhere/ca.pem"),
            ("ClientCertificateFile", "/nowhere/client.pem"), ("Port", "0"), ("Heartbeat", "5"));
        problems.ShouldContain(problem => problem.Contains("RabbitMQ:PasswordFile is '/nowhere/password', which does not exist"));
        problems.ShouldContain(problem => problem.Contains("RabbitMQ:CaFile is '/nowhere/ca.pem', but the connection has no TLS"));
        problems.ShouldContain(problem => problem.Contains("belong together"));
        problems.ShouldContain(problem => problem.Contains("RabbitMQ:Port is '0'"));
        problems.ShouldContain(problem => problem.Contains("RabbitMQ:Heartbeat is '5'"));
    }

    [Theory]
    [InlineData("Host", "broker.example", "needs a login")]
    [InlineData("Uri", "amqp://ebb@broker.example", "no password")]
    public void Read_LoginMissing_IsAProblem(string key, string value, string problem) =>
        Read((key, value)).Problems.ShouldHaveSingleItem().ShouldContain(problem);

    [Fact]
    public async Task Start_WithoutBroker_SaysOnceWhatIsOffAndRuns()
    {
        var directory = Directory.CreateTempSubdirectory("ebb-rabbit-off-");
        var logs = new CollectedLogs();
        await using (await FunctionHost.StartAsync(Settings(directory), [new TestApp(new Ledger())], Environment(directory, logs), default))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!logs.Lines.Any(line => line.Contains("Off, because neither RabbitMQ:Uri nor RabbitMQ:Host is set: ") && Off.All(name => line.Contains(name))))
            {
                await Task.Delay(20, limit.Token);
            }
        }

        logs.Lines.Count(line => line.Contains("Off, because neither RabbitMQ")).ShouldBe(1);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_AppWithoutAddRabbitMQ_NamesFunctionTriggerAndRemedy()
    {
        var directory = Directory.CreateTempSubdirectory("ebb-rabbit-none-");
        var error = await Should.ThrowAsync<HostStartException>(() => FunctionHost.StartAsync(
            [.. Settings(directory), "--RabbitMQ:Host=127.0.0.1"], [new TestApp(new Ledger(), withRabbitMQ: false)], Environment(directory, new CollectedLogs()), default));
        error.Problems.Count.ShouldBe(5);
        error.Message.ShouldContain("Function 'Work' (Test): its trigger is RabbitMQTrigger(\"q\"), but no listener for it is registered.");
        error.Message.ShouldContain("services.AddRabbitMQ(configuration)");
        error.Message.ShouldContain("Function 'Echo' (Test): its output is RabbitMQOutput(\"o\"), but no sender");
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_BrokerOutOfReach_SaysWhyAndWhatToDoInTwoSentences()
    {
        var directory = Directory.CreateTempSubdirectory("ebb-rabbit-far-");
        var logs = new CollectedLogs();
        await using (await FunctionHost.StartAsync(
            [.. Settings(directory), "--RabbitMQ:Host=127.0.0.1", "--RabbitMQ:Port=1"], [new TestApp(new Ledger())], Environment(directory, logs), default))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!logs.Lines.Any(line => line.Contains("Connection refused. Check the RabbitMQ:… settings, the broker and the way to it. Trying again")))
            {
                await Task.Delay(20, limit.Token);
            }
        }

        directory.Delete(recursive: true);
    }

    private static readonly string[] Off = ["Work", "Patient", "Change", "Echo"];

    private static string[] Settings(DirectoryInfo directory) =>
        [$"--Storage=sqlite:{directory.FullName}/store/ebb.db", "--urls=http://127.0.0.1:0", "--Test:Queue=q", "--Test:Patient=p", "--Test:Echo=e", "--Test:Echoed=o", "--Test:Change=c"];

    private static HostEnvironment Environment(DirectoryInfo directory, CollectedLogs logs) => new() { WorkingDirectory = directory.FullName, LoggerProvider = logs };

    private static (RabbitMQOptions? Options, IReadOnlyList<string> Problems) Read(params (string Key, string Value)[] settings)
    {
        var problems = new List<string>();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"RabbitMQ:{setting.Key}", (string?)setting.Value))).Build();
        return (RabbitMQOptionsReader.Read(configuration, problems), problems);
    }
}
