using System.Text.Json;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;

namespace Ebb.Webhooks.Git;

/// <summary>An answer to a Git host.</summary>
internal sealed class DeliveryAnswer : IResult
{
    private readonly int _status;
    private readonly Action<Utf8JsonWriter>? _write;
    private readonly string? _location;

    private DeliveryAnswer(int status, Action<Utf8JsonWriter>? write = null, string? location = null) => (_status, _write, _location) = (status, write, location);

    /// <summary>200: the hook works.</summary>
    public static DeliveryAnswer Pong { get; } = new(StatusCodes.Status200OK, static json => json.WriteString("status", "pong"));

    /// <summary>204: nothing to do.</summary>
    public static DeliveryAnswer Nothing { get; } = new(StatusCodes.Status204NoContent);

    /// <summary>202: the event is durable; this is its run.</summary>
    public static DeliveryAnswer Accepted(RunId run) =>
        new(StatusCodes.Status202Accepted, json => json.WriteString("id", run.ToString()), $"/api/runs/{run}");

    /// <summary>200 that says what the event lacked, for whoever looks at the host's list of deliveries.</summary>
    public static DeliveryAnswer NotUnderstood(IReadOnlyList<string> problems) => new(StatusCodes.Status200OK, json =>
    {
        json.WriteBoolean("accepted", false);
        json.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            json.WriteStringValue(problem);
        }

        json.WriteEndArray();
    });

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _status;
        if (_location is not null)
        {
            response.Headers.Location = _location;
        }

        if (_write is null)
        {
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        _write(json);
        json.WriteEndObject();
        await json.FlushAsync(httpContext.RequestAborted);
    }
}
