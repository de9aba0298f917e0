using System.Text;
using Ebb.Http;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;

namespace Ebb.Webhooks;

/// <summary>The body of a request as text, or the answer why there is none.</summary>
internal sealed class JsonBody
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private JsonBody(string? text, IResult? refusal) => (Text, Refusal) = (text, refusal);

    public string? Text { get; }

    /// <summary>The answer to give where there is no text.</summary>
    public IResult? Refusal { get; }

    /// <summary>Reads at most <paramref name="maxBytes"/>.</summary>
    public static async Task<JsonBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        using var body = await PooledBody.ReadAsync(request, maxBytes, cancellationToken);
        if (body is null)
        {
            return new(null, RunAnswers.Problem(StatusCodes.Status413PayloadTooLarge, $"A request has at most {maxBytes} bytes; split it."));
        }

        try
        {
            return new(StrictUtf8.GetString(ByteOrderMark.Skip(body.Bytes.Span)), null);
        }
        catch (DecoderFallbackException)
        {
            return new(null, RunAnswers.Problem(StatusCodes.Status400BadRequest, "request: the body is not UTF-8 text"));
        }
    }
}
