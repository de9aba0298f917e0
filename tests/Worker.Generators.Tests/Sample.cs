namespace Ebb.Worker.Generators.Tests;

/// <summary>Source text of functions.</summary>
internal static class Sample
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using System.Text.Json.Serialization.Metadata;
        using System.Threading;
        using System.Threading.Tasks;
        using Ebb.Worker;
        using Microsoft.AspNetCore.Http;
        using Microsoft.Azure.Functions.Worker;
        using Microsoft.Azure.Functions.Worker.Http;

        namespace Sample.App;

        """;

    /// <summary>A message type and its JSON metadata, as the JSON source generator would have it.</summary>
    public const string Json = Usings + """
        public sealed record Order(string Id);

        [JsonSerializable(typeof(Order))]
        [JsonSerializable(typeof(IReadOnlyList<Order>))]
        internal sealed class AppJson() : JsonSerializerContext(null)
        {
            protected override JsonSerializerOptions? GeneratedSerializerOptions => null;

            public override JsonTypeInfo? GetTypeInfo(Type type) => null;
        }
        """;

    /// <summary>Every trigger, every way to return, every way to be made and disposed.</summary>
    public const string Functions = Usings + """
        public sealed class Trace
        {
            public List<string> Lines { get; } = [];
        }

        public sealed class Orders(Trace trace, TimeProvider time) : IAsyncDisposable
        {
            [Function("TakeOrder")]
            [ExponentialBackoffRetry(5, "00:00:01", "00:10:00")]
            public async Task<IReadOnlyList<Order>?> Take([QueueTrigger("orders")] Order order, FunctionContext context, CancellationToken cancellationToken)
            {
                await Task.Delay(TimeSpan.Zero, time, cancellationToken);
                trace.Lines.Add($"take {order.Id} {context.InvocationId}");
                return [order];
            }

            [Function("Sweep")]
            public void Sweep([TimerTrigger("%Orders:Sweep%", RunOnStartup = true)] TimerInfo timer) => trace.Lines.Add($"sweep {timer.IsPastDue}");

            public ValueTask DisposeAsync()
            {
                trace.Lines.Add("disposed");
                return default;
            }
        }

        public sealed class Reader(Trace trace) : IDisposable
        {
            [Function("Raw")]
            [FixedDelayRetry(-1, "00:01:00")]
            public ValueTask Raw(CancellationToken cancellationToken, [QueueTrigger("raw")] string text)
            {
                trace.Lines.Add($"raw {text} {cancellationToken.CanBeCanceled}");
                return ValueTask.CompletedTask;
            }

            public void Dispose() => trace.Lines.Add("closed");
        }

        public static class Mail
        {
            [Function("Letter")]
            [FixedDelayRetry(2, "00:00:05")]
            [RabbitMQOutput("%Mail:Sent%")]
            public static string Send([RabbitMQTrigger("letters/in")] Order order) => order.Id;
        }

        public static class Doors
        {
            [Function("Door")]
            public static ValueTask<IResult> Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "doors/{name}")] HttpRequest request) =>
                ValueTask.FromResult(Results.Ok(request.Path.Value));

            [Function("Bell")]
            public static IResult Ring([HttpTrigger] HttpRequest request) => Results.NoContent();

            [Function("Nightly")]
            public static int Count([TimerTrigger("0 0 3 * * *", UseMonitor = false)] TimerInfo timer) => 1;
        }
        """;
}
