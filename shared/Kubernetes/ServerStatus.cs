using System.Text.Json.Nodes;
using Ebb.Http;
using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>The Status object of a failed request, made fit to be shown (Kubernetes API v1.32, Status v1 meta).</summary>
internal sealed record ServerStatus(string Reason, string Words, IReadOnlyList<V1StatusCause> Causes, TimeSpan? RetryAfter, bool IsStatus)
{
    private const int MaxReasonLength = 64;

    public static ServerStatus Of(JsonObject? json, int maxCauses)
    {
        if (json.Text("kind") != "Status")
        {
            return new ServerStatus("", "", [], null, IsStatus: false);
        }

        var details = json.Child("details");
        return new ServerStatus(
            Word(json, "reason"),
            Sentence(json, "message"),
            [.. details.Items("causes").OfType<JsonObject>().Take(maxCauses).Select(Cause)],
            details.Number("retryAfterSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) : null,
            IsStatus: true);
    }

    private static V1StatusCause Cause(JsonObject cause) => new() { Reason = Word(cause, "reason"), Message = Sentence(cause, "message"), Field = Sentence(cause, "field") };

    private static string Word(JsonObject? json, string name) => json.Text(name) is { Length: <= MaxReasonLength } word && word.All(char.IsAsciiLetterOrDigit) ? word : "";

    private static string Sentence(JsonObject? json, string name) => Redaction.Text(json.Text(name) ?? "").Trim();
}
