using System.Text.Json;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Generators.Tests;

/// <summary>What generated code gives a function and makes of what it returns.</summary>
public sealed class BindingTests
{
    private static readonly RunId Id = RunId.New(TimeProvider.System);

    [Theory]
    [InlineData("string text", "text", "h\u00e9")]
    [InlineData("byte[] bytes", "System.Text.Encoding.UTF8.GetString(bytes)", "h\u00e9")]
    [InlineData("System.BinaryData data", "data.ToString()", "h\u00e9")]
    [InlineData("Azure.Storage.Queues.Models.QueueMessage message", "$\"{message.MessageText} {message.DequeueCount} {message.InsertedOn:yyyy}\"", "h\u00e9 3 2026")]
    public async Task Queue_EveryKindOfParameter_GetsTheMessage(string parameter, string expression, string expected) =>
        (await CallAsync($"[QueueTrigger(\"q\")] {parameter}", "string", expression, Message("\uFEFFh\u00e9"))).ShouldBe(expected);

    [Theory]
    [InlineData("string id", "id")]
    [InlineData("System.Guid id", "id.ToString()")]
    [InlineData("int dequeueCount", "dequeueCount.ToString()")]
    [InlineData("long? dequeueCount", "dequeueCount.ToString()!")]
    [InlineData("System.DateTimeOffset insertionTime", "insertionTime.ToString(\"yyyy-MM-dd\")")]
    [InlineData("string queueTrigger", "queueTrigger")]
    public async Task Queue_ParameterNamedAsMetadata_GetsIt(string parameter, string expression)
    {
        var value = await CallAsync($"[QueueTrigger(\"q\")] string text, {parameter}", "string", expression, Message("hello"));

        value.ShouldBe(parameter.EndsWith(" id", StringComparison.Ordinal) ? Id.ToString()
            : parameter.EndsWith("dequeueCount", StringComparison.Ordinal) ? "3"
            : parameter.EndsWith("insertionTime", StringComparison.Ordinal) ? "2026-01-02" : "hello");
    }

    [Theory]
    [InlineData("string name, int number", "$\"{name} {number}\"", "ann 7")]
    [InlineData("[FromBody] string body", "body", "{\"id\":\"x\"}")]
    [InlineData("[FromBody] byte[] body", "body.Length.ToString()", "10")]
    [InlineData("int? number", "number.ToString()!", "7")]
    public async Task Http_RouteAndBody_AreBound(string parameters, string expression, string expected)
    {
        var http = Request();

        var result = await CallAsync($"[HttpTrigger(\"post\", Route = \"a/{{name}}/{{number:int}}\")] HttpRequest request, {parameters}", "IResult", $"Results.Text({expression})", http);

        await result.ShouldBeAssignableTo<IResult>()!.ExecuteAsync(http);
        http.Response.Body.Position = 0;
        (await new StreamReader(http.Response.Body).ReadToEndAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Http_RouteValueOfAnotherType_NamesItAndTheValue()
    {
        var http = Request();
        http.Request.RouteValues["number"] = "seven";

        var thrown = await Should.ThrowAsync<MessageFormatException>(() =>
            CallAsync("[HttpTrigger(\"post\", Route = \"a/{number}\")] HttpRequest request, int number", "IResult", "Results.Ok()", http));

        thrown.Message.ShouldContain("at number, 'seven'");
    }

    [Fact]
    public async Task Outputs_InAClass_AreSentEachByItsQueue()
    {
        var result = await ReadAsync(
            """
            public sealed class Sent
            {
                [QueueOutput("texts")] public string? Text { get; set; }
                [RabbitMQOutput("numbers")] public int[]? Numbers { get; set; }
                [QueueOutput("nothing")] public string? Nothing { get; set; }
                public string Ignored => "x";
            }
            """,
            "Sent", "new Sent { Text = text, Numbers = [1, 2] }");

        result.Json.ShouldBeNull();
        result.Outputs!.Select(output => $"{output.Name}={string.Join(',', output.Messages)}").ShouldBe(["Text=\"hello\"", "Numbers=1,2", "Nothing="]);
    }

    [Fact]
    public async Task Outputs_ReturnedArray_IsTheResultAndSentElementByElement()
    {
        var result = await ReadAsync(string.Empty, "string[]", "[text, \"b\"]", "QueueOutput(\"out\"), ");

        result.Json.ShouldBe("""["hello","b"]""");
        result.Outputs!.ShouldHaveSingleItem().Messages.ShouldBe(["\"hello\"", "\"b\""]);
    }

    [Fact]
    public async Task Outputs_ResultThatMiddlewareReplaced_IsNamed()
    {
        var (function, context) = Function("[QueueTrigger(\"q\")] string text", "string", "text", Message("hello"));
        await function.Invoker(context);

        Should.Throw<InvalidOperationException>(() => function.Result(context, 7)).Message.ShouldContain("a middleware put a System.Int32 in its place");
    }

    [Fact]
    public void Definition_Bindings_AreThoseOfAzureFunctions()
    {
        var (function, _) = Function("[QueueTrigger(\"q\")] string text, FunctionContext context", "string", "text", Message("hello"), attributes: "QueueOutput(\"out\"), ");

        function.Parameters.Select(parameter => $"{parameter.Type.Name} {parameter.Name}").ShouldBe(["String text", "FunctionContext context"]);
        function.InputBindings["text"].Type.ShouldBe("queueTrigger");
        function.OutputBindings["$return"].Type.ShouldBe("queue");
    }

    private static async Task<FunctionResult> ReadAsync(string types, string returns, string expression, string attributes = "")
    {
        var (function, context) = Function("[QueueTrigger(\"q\")] string text", returns, expression, Message("hello"), types, attributes);
        return function.Result(context, await function.Invoker(context));
    }

    private static async Task<object?> CallAsync(string parameters, string returns, string expression, object data)
    {
        var (function, context) = Function(parameters, returns, expression, data);
        return await function.Invoker(context);
    }

    private static (IndexedFunction Function, RunContext Context) Function(
        string parameters, string returns, string expression, object data, string types = "", string attributes = "")
    {
        var generation = Generation.Run(
            Sample.Usings + $"public static class F {{ [{attributes}Function(\"F\")] public static {returns} Run({parameters}) => {expression}; }} {types}", Sample.Json);
        generation.Diagnostics.ShouldBeEmpty();
        generation.CompilerSays().ShouldBeEmpty();
        var function = generation.Load().Single();
        return (function, new RunContext
        {
            RunId = Id,
            Function = function,
            InstanceServices = new ServiceCollection().AddSingleton(JsonSerializerOptions.Web).BuildServiceProvider(),
            TriggerData = data,
        });
    }

    private static DefaultHttpContext Request()
    {
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        http.RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider();
        http.Request.Body = new MemoryStream("""{"id":"x"}"""u8.ToArray());
        http.Request.RouteValues = new() { ["name"] = "ann", ["number"] = "7" };
        return http;
    }

    private static LeasedMessage Message(string body) => new()
    {
        RunId = Id,
        Queue = "q",
        Body = body,
        DequeueCount = 3,
        LeaseToken = Guid.NewGuid(),
        LeaseExpiresAt = DateTimeOffset.MaxValue,
        EnqueuedAt = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero),
        Trigger = TriggerKind.Queue,
    };
}
