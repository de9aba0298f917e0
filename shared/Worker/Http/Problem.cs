using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Ebb.Worker.Http;

/// <summary>An error answer, RFC 9457.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What the status means.</param>
/// <param name="Detail">What is wrong, and what would be right.</param>
/// <param name="RunId">The run that failed, if one did.</param>
internal sealed record Problem(int Status, string Title, string Detail, string? RunId = null)
{
    public static Problem Of(int status, string detail, string? runId = null) =>
        new(status, ReasonPhrases.GetReasonPhrase(status), detail, runId);

    public Task WriteAsync(HttpContext http) =>
        JsonAnswer.WriteAsync(http, Status, this, WorkerJson.Default.Problem, "application/problem+json");
}
