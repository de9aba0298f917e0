using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.RabbitMq.Tests.App;

public sealed class TestFunctions(Ledger ledger)
{
    [Function("Work")]
    public async Task<WorkDone> Work([RabbitMQTrigger("%Test:Queue%")] WorkMessage message, FunctionContext context)
    {
        ledger.Begin(message.Id, context);
        switch (message.Do)
        {
            case "fail":
                throw new InvalidOperationException("It was told to fail.");
            case "fail-once" when context.RetryContext.RetryCount == 0:
                throw new InvalidOperationException("It was told to fail once.");
            case "fail-for-good":
                throw new FunctionFailedException("It will never work.") { Retryable = false };
            case "wait":
                await ledger.GateOf(message.Id).WaitAsync(context.CancellationToken);
                break;
            case "hang":
                await ledger.GateOf(message.Id);
                break;
        }

        ledger.End(message.Id);
        return new WorkDone(message.Id, context.RetryContext.RetryCount);
    }

    [Function("Patient")]
    [FixedDelayRetry(2, "00:00:00.200")]
    public void Patient([RabbitMQTrigger("%Test:Patient%")] string text, FunctionContext context)
    {
        ledger.Begin(text, context);
        throw new InvalidOperationException($"It cannot do {text}.");
    }

    [Function("Change")]
    [Scoped]
    public void Change([RabbitMQTrigger("%Test:Change%")] WorkMessage message, FunctionContext context)
    {
        context.Require(message.Id);
        ledger.Begin(message.Id, context);
        if (message.Do == "fail-once" && context.RetryContext.RetryCount == 0)
        {
            throw new InvalidOperationException("It was told to fail once.");
        }

        ledger.End(message.Id);
    }

    [Function("Echo")]
    [RabbitMQOutput("%Test:Echoed%")]
    public static string? Echo([RabbitMQTrigger("%Test:Echo%")] string text) => text == "nothing" ? null : $"{text}!";
}
