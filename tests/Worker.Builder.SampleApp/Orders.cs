using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace Company.FunctionApp;

public sealed record Order(string Item, int Count);

public interface IOrderStore
{
    void Add(Order order);

    IReadOnlyCollection<Order> All { get; }
}

public sealed class OrderStore : IOrderStore
{
    private readonly ConcurrentQueue<Order> _orders = new();

    public IReadOnlyCollection<Order> All => _orders;

    public void Add(Order order) => _orders.Enqueue(order);
}

public sealed class OrderResponse
{
    [HttpResult]
    public required IActionResult Result { get; set; }

    [QueueOutput("orders")]
    public Order[]? Orders { get; set; }
}

public sealed class Functions(IOrderStore store, ILogger<Functions> logger)
{
    [Function("PlaceOrder")]
    public OrderResponse PlaceOrder([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orders")] HttpRequest req, [FromBody] Order order)
    {
        logger.LogInformation("C# HTTP trigger function processed a request of {Method}.", req.Method);
        return new OrderResponse { Result = new AcceptedResult(), Orders = [order] };
    }

    [Function("ListOrders")]
    public IActionResult ListOrders([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders")] HttpRequest req) =>
        new OkObjectResult(store.All);

    [Function("TakeOrder")]
    [QueueOutput("taken")]
    public string TakeOrder([QueueTrigger("orders", Connection = "AzureWebJobsStorage")] Order order, FunctionContext context)
    {
        store.Add(order);
        context.GetLogger("TakeOrder").LogInformation("Order {Id}: {Item}", context.BindingContext.BindingData["Id"], order.Item);
        return order.Item;
    }

    [Function("Taken")]
    public void Taken([QueueTrigger("taken")] Azure.Storage.Queues.Models.QueueMessage message) =>
        store.Add(new Order($"{message.MessageText}, taken", (int)message.DequeueCount));

    [Function("Tidy")]
    [FixedDelayRetry(5, "00:00:10")]
    public void Tidy([TimerTrigger("0 */5 * * * *")] TimerInfo timerInfo) =>
        logger.LogInformation("Next timer schedule = {Next}", timerInfo.ScheduleStatus?.Next);
}

public sealed class StampHttpHeaderMiddleware(ILogger<StampHttpHeaderMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.Items.TryGetValue("HttpRequestContext", out var http))
        {
            ((HttpContext)http).Response.Headers["x-invocation-id"] = context.InvocationId;
        }

        await next(context);
        logger.LogInformation("{Name} returned {Result}", context.FunctionDefinition.Name, context.GetInvocationResult().Value);
    }
}
