using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts;
using Ebb.Contracts.Secrets;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks.Secrets;

/// <summary>
/// What SecretBump knows of applications, from the documents it keeps: the store itself is not asked. With <c>?refresh=true&amp;wait=30s</c>
/// SecretBump looks first.
/// </summary>
public sealed class Apps(IHostStorage storage)
{
    /// <summary><c>GET /api/apps</c>: the applications and environments, with tag, health, pin and what waits for approval.</summary>
    [Function("Apps")]
    [Scoped]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "apps")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return RefreshedAsync(request, context, null, async cancellationToken =>
        {
            var documents = await ReadAsync(EnvironmentDocument.Prefix, cancellationToken);
            return Json(new AppList([.. documents
                .Where(document => context.Scope.Allows(document.Application))
                .GroupBy(document => document.Application, StringComparer.Ordinal)
                .Select(group => AppView.Of(group.Key, group))]), ContractsJson.Default.AppList);
        });
    }

    /// <summary><c>GET /api/apps/{app}</c>: one application.</summary>
    [Function("App")]
    [Scoped]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "apps/{app}")] HttpRequest request, FunctionContext context) =>
        WithNamesAsync(request, context, (application, _) => RefreshedAsync(request, context, application, async cancellationToken =>
        {
            var documents = await ReadAsync(EnvironmentDocument.PrefixOf(application), cancellationToken);
            return documents.Count == 0 ? Unknown($"the application '{application}'") : Json(AppView.Of(application, documents), ContractsJson.Default.AppView);
        }));

    /// <summary><c>GET /api/apps/{app}/{environment}/versions</c>: the versions that can be deployed.</summary>
    [Function("AppVersions")]
    [Scoped]
    public Task<IResult> VersionsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "apps/{app}/{environment}/versions")] HttpRequest request, FunctionContext context) =>
        WithNamesAsync(request, context, (application, environment) => RefreshedAsync(request, context, application, async cancellationToken =>
            await storage.Documents.GetAsync(EnvironmentDocument.KeyOf(application, environment), cancellationToken) is { } document
                ? Json(VersionList.Of(document.Read(ContractsJson.Default.EnvironmentDocument)), ContractsJson.Default.VersionList)
                : Unknown($"the environment '{environment}' of the application '{application}'")));

    private static Task<IResult> WithNamesAsync(HttpRequest request, FunctionContext context, Func<string, string, Task<IResult>> answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        string[] names = [$"{request.RouteValues["app"]}", $"{request.RouteValues["environment"]}"];
        return names.Any(name => name.Length > 0 && !PlaceName.IsValid(name))
            ? Task.FromResult(RunAnswers.Problem(StatusCodes.Status400BadRequest, $"A name in the path is none; write {PlaceName.Rule}."))
            : context.Scope.Allows(names[0]) ? answer(names[0], names[1]) : Task.FromResult(SecretChanges.Forbidden(context, names[0]));
    }

    private static async Task<IResult> RefreshedAsync(
        HttpRequest request, FunctionContext context, string? application, Func<CancellationToken, ValueTask<IResult>> read) => request.Query["refresh"].ToString() switch
        {
            "" or "false" => await read(context.CancellationToken),
            "true" => RunAnswers.AfterRun(
                new EnqueueRequest
                {
                    Queue = Queues.SecretRefresh,
                    SequenceKey = application ?? "*",
                    Body = JsonSerializer.Serialize(new AppsRefresh { Application = application }, ContractsJson.Default.AppsRefresh),
                },
                read),
            _ => RunAnswers.Problem(StatusCodes.Status400BadRequest, "refresh must be true or false."),
        };

    private async ValueTask<IReadOnlyList<EnvironmentDocument>> ReadAsync(string prefix, CancellationToken cancellationToken) =>
        [.. (await storage.Documents.ListAsync(prefix, cancellationToken)).Select(document => document.Read(ContractsJson.Default.EnvironmentDocument))];

    private static IResult Unknown(string what) => RunAnswers.Problem(
        StatusCodes.Status404NotFound, $"Nothing is known of {what}. Is the name right? What was written past Ebb a moment ago is seen with ?refresh=true&wait=30s.");

    private static IResult Json<T>(T value, JsonTypeInfo<T> json) => Results.Json(value, json);
}
