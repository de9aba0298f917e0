using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks;

/// <summary>How the door accepts what can be asked for: the body is read in full, every problem is told, and the answer comes when the message is durable.</summary>
internal static class CommandDoor
{
    /// <summary>Accepts a command.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="request">The request.</param>
    /// <param name="context">The run.</param>
    /// <param name="refuse">Says why this caller may not ask for that; null: every caller may.</param>
    /// <param name="wrong">The status for JSON that holds something wrong; what is no JSON is 400.</param>
    public static async Task<IResult> AcceptAsync<T>(
        Command<T> command, HttpRequest request, FunctionContext context, Func<T, IResult?>? refuse = null, int wrong = StatusCodes.Status400BadRequest)
        where T : class
    {
        var body = await JsonBody.ReadAsync(request, command.MaxBytes, context.CancellationToken);
        if (body.Text is not { } text)
        {
            return body.Refusal!;
        }

        var problems = new ListProblems();
        return command.Read(text, problems) is { } read
            ? refuse?.Invoke(read) ?? RunAnswers.Enqueued(EnqueueRequest.For(command, read))
            : RunAnswers.Problem(problems.IsMalformed ? StatusCodes.Status400BadRequest : wrong, string.Join('\n', problems.Messages));
    }
}
