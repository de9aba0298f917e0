using System.Text;
using System.Text.Json;
using Ebb.Http;

namespace Ebb.Oci.Transport;

/// <summary>A registry's own account of an error (OCI distribution-spec v1.1.1, Error Codes).</summary>
/// <param name="Codes">The codes, such as <c>DENIED</c>.</param>
/// <param name="Text">The messages, redacted.</param>
internal sealed record ErrorBody(IReadOnlyList<string> Codes, string Text)
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxErrors = 10;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    public bool Has(string code) => Codes.Contains(code, StringComparer.OrdinalIgnoreCase);

    public bool Says(string words) => Text.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the body of a failure; one that is too long, too slow or cut short counts as empty: the status says enough.</summary>
    public static async Task<ErrorBody> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Parse(await BoundedContent.ReadAsync(response.Content, MaxBytes, both.Token));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or BodyTooLongException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ErrorBody([], "");
        }
    }

    private static ErrorBody Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
            {
                var items = errors.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Take(MaxErrors).ToList();
                return new ErrorBody(
                    [.. items.Select(e => Redaction.Text(Value(e, "code"))).Where(c => c.Length > 0)],
                    Redaction.Text(string.Join("; ", items.Select(e => $"{Value(e, "message")} {Value(e, "detail")}".Trim()).Where(m => m.Length > 0))));
            }
        }
        catch (JsonException)
        {
            // A proxy's page: its text is all there is.
        }

        return new ErrorBody([], Redaction.Text(Encoding.UTF8.GetString(body).Trim()));
    }

    private static string Value(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? "" : value.ToString();
}
