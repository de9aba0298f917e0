using System.Text.Json;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Generators.Tests;

public sealed class GeneratedIndexTests
{
    [Fact]
    public void Generate_EveryKindOfFunction_CompilesWithoutWarnings()
    {
        var generation = Generation.Run(Sample.Functions, Sample.Json);

        generation.Diagnostics.ShouldBeEmpty();
        generation.CompilerSays().ShouldBeEmpty();
    }

    [Fact]
    public void Generate_EveryKindOfFunction_IsTheGoldenText()
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "FunctionIndex.txt"));

        Generation.Run(Sample.Functions, Sample.Json).Index.Split('\n').ShouldBe(golden.Split('\n'));
    }

    [Fact]
    public void Generate_FilesInAnotherOrder_GivesTheSameText() =>
        Generation.Run(Sample.Json, Sample.Functions).Index.ShouldBe(Generation.Run(Sample.Functions, Sample.Json).Index);

    [Fact]
    public void Metadata_EveryKindOfFunction_IsJsonSortedByName()
    {
        var tree = Generation.Run(Sample.Functions, Sample.Json).Output.GetTypeByMetadataName("Sample.App.FunctionIndex")!;
        var metadata = ((Microsoft.CodeAnalysis.IFieldSymbol)tree.GetMembers("Metadata").Single()).ConstantValue.ShouldBeOfType<string>();

        using var json = JsonDocument.Parse(metadata);
        json.RootElement.GetProperty("functions").EnumerateArray().Select(function => function.GetProperty("name").GetString())
            .ShouldBe(["Bell", "Door", "Letter", "Nightly", "Raw", "Sweep", "TakeOrder"]);
        json.RootElement.GetProperty("functions")[2].ToString().ShouldBe(
            """{"name":"Letter","entryPoint":"Sample.App.Mail.Send","trigger":{"type":"rabbitMQ","queueName":"letters/in"},"retry":{"maxRetryCount":2,"minimumInterval":"00:00:05","maximumInterval":"00:00:05"},"outputs":[{"name":"$return","type":"rabbitMQ","queueName":"%Mail:Sent%"}],"messageType":"Sample.App.Order","resultType":"string"}""");
        json.RootElement.GetProperty("functions")[6].ToString().ShouldBe(
            """{"name":"TakeOrder","entryPoint":"Sample.App.Orders.Take","trigger":{"type":"queue","queueName":"orders"},"retry":{"maxRetryCount":5,"minimumInterval":"00:00:01","maximumInterval":"00:10:00"},"messageType":"Sample.App.Order","resultType":"System.Collections.Generic.IReadOnlyList<Sample.App.Order>"}""");
    }

    [Fact]
    public void Functions_Loaded_CarryTriggersRetriesAndTypes()
    {
        var functions = Generation.Run(Sample.Functions, Sample.Json).Load().ToDictionary(function => function.Name);

        var door = functions["Door"].Trigger.ShouldBeOfType<HttpTriggerDefinition>();
        door.Methods.ShouldBe(["GET", "POST"]);
        door.AuthLevel.ShouldBe(AuthorizationLevel.Anonymous);
        door.Route.ShouldBe("doors/{name}");
        functions["Bell"].Trigger.ShouldBeOfType<HttpTriggerDefinition>().AuthLevel.ShouldBe(AuthorizationLevel.Function);
        functions["Sweep"].Trigger.ShouldBe(new TimerTriggerDefinition("%Orders:Sweep%", UseMonitor: true, RunOnStartup: true));
        functions["Nightly"].Trigger.ShouldBe(new TimerTriggerDefinition("0 0 3 * * *", UseMonitor: false, RunOnStartup: false));
        functions["Raw"].Trigger.ShouldBe(new QueueTriggerDefinition("raw"));
        functions["Raw"].Retry.ShouldBe(new RetryPolicy(-1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        functions["Letter"].Trigger.ShouldBe(new RabbitMQTriggerDefinition("letters/in"));
        functions["Letter"].Outputs.ShouldBe([new RabbitMQOutputDefinition("$return", "%Mail:Sent%")]);
        functions["Raw"].Outputs.ShouldBeEmpty();
        functions["TakeOrder"].Retry.ShouldBe(new RetryPolicy(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)));
        functions["TakeOrder"].JsonTypes.Select(type => type.Name).ShouldBe(["Order", "IReadOnlyList`1"]);
        functions["TakeOrder"].EntryPoint.ShouldBe("Sample.App.Orders.Take");
    }

    [Theory]
    [InlineData("CatchUp.All, Limit = 30", CatchUp.All, 30, ",\"catchUp\":\"All\",\"catchUpLimit\":30}")]
    [InlineData("CatchUp.None", CatchUp.None, 10, ",\"catchUp\":\"None\"}")]
    public void Functions_TimerWithCatchUp_CarryItInIndexAndMetadata(string attribute, CatchUp policy, int limit, string metadata)
    {
        var generation = Generation.Run(
            Sample.Usings + $"public static class F {{ [Function(\"F\"), CatchUp({attribute})] public static void Run([TimerTrigger(\"0 0 3 * * *\")] TimerInfo timer) {{ }} }}", Sample.Json);

        generation.Load().Single().Trigger.ShouldBe(new TimerTriggerDefinition("0 0 3 * * *", true, false) { CatchUp = policy, CatchUpLimit = limit });
        var index = generation.Output.GetTypeByMetadataName("Sample.App.FunctionIndex")!;
        ((Microsoft.CodeAnalysis.IFieldSymbol)index.GetMembers("Metadata").Single()).ConstantValue.ShouldBeOfType<string>().ShouldContain(metadata);
    }

    [Theory]
    [InlineData("Function(\"F\")", ", OneAtATime = true", true, false)]
    [InlineData("Function(\"F\"), Scoped", "", false, true)]
    [InlineData("Function(\"F\"), Scoped", ", OneAtATime = true", true, true)]
    public void Functions_RabbitMQTrigger_CarriesItsFlags(string attributes, string flags, bool oneAtATime, bool scoped)
    {
        var generation = Generation.Run(
            Sample.Usings + $"public static class F {{ [{attributes}] public static void Run([RabbitMQTrigger(\"q\"{flags})] string text) {{ }} }}", Sample.Json);

        generation.Load().Single().Trigger.ShouldBe(new RabbitMQTriggerDefinition("q") { OneAtATime = oneAtATime, Scoped = scoped });
    }

    [Fact]
    public async Task Invoker_AsyncDisposableClass_GetsItsServicesAndIsDisposed()
    {
        var (functions, trace) = Loaded();

        var result = await functions["Sweep"].Invoker(Context(functions["Sweep"], trace, new TimerInfo { IsPastDue = true }));

        result.ShouldBeNull();
        Lines(trace).ShouldBe(["sweep True", "disposed"]);
    }

    [Fact]
    public async Task Invoker_DisposableClass_BindsTextAndIsDisposed()
    {
        var (functions, trace) = Loaded();

        await functions["Raw"].Invoker(Context(functions["Raw"], trace, Message("hello")));

        Lines(trace).ShouldBe(["raw hello False", "closed"]);
    }

    [Fact]
    public async Task Invoker_StaticMethod_BindsRequestAndResult()
    {
        var (functions, trace) = Loaded();
        var http = new DefaultHttpContext();

        var result = await functions["Bell"].Invoker(Context(functions["Bell"], trace, http));

        functions["Bell"].Result(Context(functions["Bell"], trace, http), result).Http.ShouldBe(Results.NoContent());
    }

    [Theory]
    [InlineData(null, "namespace Sample.App;")]
    [InlineData("Ebb.2nd-class.App", "namespace Ebb._2nd_class.App;")]
    public void Generate_RootNamespace_IsThatOfTheIndex(string? rootNamespace, string expected) =>
        Generation.Run(Generation.Compile(Sample.Functions, Sample.Json), rootNamespace).Index.ShouldContain(expected);

    [Fact]
    public void Generate_NoFunctions_GivesAnEmptyIndex()
    {
        var generation = Generation.Run(Sample.Json);

        generation.CompilerSays().ShouldBeEmpty();
        generation.Load().ShouldBeEmpty();
    }

    [Fact]
    public void Generate_TypeDeclaredByAReference_IsKnown() =>
        Generation.Run(Sample.Usings + """
            public static class Mirror
            {
                [Function("Mirror")]
                public static void Run([QueueTrigger("image-mirror")] Ebb.Contracts.MirrorRequest request) { }
            }
            """).Diagnostics.ShouldBeEmpty();

    private static (Dictionary<string, IndexedFunction> Functions, object Trace) Loaded()
    {
        var functions = Generation.Run(Sample.Functions, Sample.Json).Load().ToDictionary(function => function.Name);
        var trace = Activator.CreateInstance(functions["TakeOrder"].JsonTypes[0].Assembly.GetType("Sample.App.Trace", throwOnError: true)!)!;
        return (functions, trace);
    }

    private static IEnumerable<string> Lines(object trace) => (IEnumerable<string>)trace.GetType().GetProperty("Lines")!.GetValue(trace)!;

    private static RunContext Context(IndexedFunction function, object trace, object data) => new()
    {
        RunId = RunId.New(TimeProvider.System),
        Function = function,
        InstanceServices = new ServiceCollection().AddSingleton(trace.GetType(), trace).AddSingleton(TimeProvider.System).BuildServiceProvider(),
        TriggerData = data,
    };

    private static LeasedMessage Message(string body) => new()
    {
        RunId = RunId.New(TimeProvider.System),
        Queue = "raw",
        Body = body,
        DequeueCount = 1,
        LeaseToken = Guid.NewGuid(),
        LeaseExpiresAt = DateTimeOffset.MaxValue,
        EnqueuedAt = DateTimeOffset.MinValue,
        Trigger = TriggerKind.Queue,
    };
}
