using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Ebb.Worker.SampleApp;

/// <summary>What the programming model of Azure Functions offers beside the plain ways.</summary>
public static class ModelFunctions
{
    [Function("Split")]
    public static Halves Split([QueueTrigger("split")] BinaryData text, int dequeueCount)
    {
        var half = text.ToString().Length / 2;
        return dequeueCount == 1 && text.ToString().StartsWith("fail", StringComparison.Ordinal)
            ? new Halves { Left = "left", Rights = ["right", "\0"] }
            : new Halves { Left = text.ToString()[..half], Rights = [text.ToString()[half..]] };
    }

    [Function("Left")]
    public static string Left([QueueTrigger("left")] string text, FunctionContext context) => $"{text} {context.Items["stamp"]}";

    [Function("Right")]
    [QueueOutput("left")]
    public static string Right([QueueTrigger("right")] byte[] text) => $"turned {text.Length}";

    [Function("Orders")]
    public static Ordered Order([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orders/{number}")] HttpRequest request, int number, [FromBody] WorkDetail detail) => new()
    {
        Answer = Results.Text($"{number * detail.Number} {request.Method}"),
        Left = $"ordered {number * detail.Number}",
    };

    [Function("Stamped")]
    public static IResult Stamped([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "stamped/{what}")] HttpRequest request, string what, FunctionContext context) =>
        Results.Text($"{what} {context.Items["stamp"]} {context.BindingContext.BindingData["what"]}");
}

/// <summary>Two outputs of which one is several messages.</summary>
public sealed class Halves
{
    [QueueOutput("left")]
    public string? Left { get; set; }

    [QueueOutput("right")]
    public string[]? Rights { get; set; }
}

/// <summary>An answer and an output.</summary>
public sealed class Ordered
{
    [HttpResult]
    public required IResult Answer { get; init; }

    [QueueOutput("left")]
    public string? Left { get; init; }
}
