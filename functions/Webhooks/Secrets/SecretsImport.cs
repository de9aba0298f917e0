using System.Security.Cryptography;
using System.Text.Json;
using Ebb.Age;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.Secrets;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;

namespace Ebb.Webhooks.Secrets;

/// <summary>
/// The door of imports: checks all of it and seals the values to the worker's public key before anything is stored. Not even the door can
/// read them again.
/// </summary>
public sealed class SecretsImport(ImportOptions options)
{
    /// <summary><c>POST /api/secrets/import</c> <c>{"application":"shop","environments":{"dev":{"KEY":"value"}},"dryRun":true}</c></summary>
    [Function("SecretsImport")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "secrets/import", Scoped = true)] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (options.Recipient is not { } recipient)
        {
            return RunAnswers.Problem(
                StatusCodes.Status501NotImplemented, $"Imports are off: {ImportOptions.Key} is not set. Set it to the public key (age1…) whose secret half the worker has.");
        }

        var body = await JsonBody.ReadAsync(request, ImportReader.MaxBytes, context.CancellationToken);
        if (body.Text is null)
        {
            return body.Refusal!;
        }

        var problems = new ListProblems();
        if (ImportReader.Read(body.Text, problems) is not { } import)
        {
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, string.Join('\n', problems.Messages));
        }

        var application = import.Secrets.Application;
        return context.Scope.Allows(application)
            ? SecretChanges.Enqueued(new ImportRequest { Application = application, Sealed = Seal(recipient, import.Secrets), DryRun = import.DryRun }, import.DryRun)
            : SecretChanges.Forbidden(context, application);
    }

    private static string Seal(AgeRecipient recipient, ImportedSecrets secrets)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(secrets, ContractsJson.Default.ImportedSecrets);
        try
        {
            return AgeBox.Seal(recipient, content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
