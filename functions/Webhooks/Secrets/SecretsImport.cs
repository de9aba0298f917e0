using System.Text.Json;
using Ebb.Age;
using Ebb.Contracts.Images;
using Ebb.Contracts.Secrets;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks.Secrets;

/// <summary>
/// The door of imports: checks all of it and seals the values to the worker's public key before anything is stored. Not even the door can
/// read them again. The values are text in no string here: they go from one buffer that is overwritten to another, and into the box.
/// </summary>
public sealed class SecretsImport(ImportOptions options)
{
    /// <summary><c>POST /api/secrets/import</c> <c>{"application":"shop","environments":{"dev":{"KEY":"value"}},"dryRun":true}</c></summary>
    [Function("SecretsImport")]
    [Scoped]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "secrets/import")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (options.Recipient is not { } recipient)
        {
            return RunAnswers.Problem(
                StatusCodes.Status501NotImplemented, $"Imports are off: {ImportOptions.Key} is not set. Set it to the public key (age1…) whose secret half the worker has.");
        }

        using var body = await ZeroedBuffer.ReadAsync(request.Body, request.ContentLength, ImportReader.MaxBytes, context.CancellationToken);
        if (body is null)
        {
            return RunAnswers.Problem(StatusCodes.Status413PayloadTooLarge, $"A request has at most {ImportReader.MaxBytes} bytes; split it.");
        }

        var problems = new ListProblems();
        using var import = ImportReader.Read(body.Written, problems);
        return import is null ? RunAnswers.Problem(StatusCodes.Status400BadRequest, string.Join('\n', problems.Messages))
            : context.Scope.Allows(import.Application) ? RunAnswers.Enqueued(EnqueueRequest.For(SecretChange.Command, Seal(recipient, import)))
            : SecretChanges.Forbidden(context, import.Application);
    }

    internal static ImportRequest Seal(AgeRecipient recipient, ReadImport import)
    {
        using var content = new ZeroedBuffer(import.Length);
        using (var writer = new Utf8JsonWriter(content))
        {
            import.WriteTo(writer);
        }

        return new ImportRequest { Application = import.Application, Sealed = AgeBox.Seal(recipient, content.Written.Span), DryRun = import.DryRun };
    }
}
