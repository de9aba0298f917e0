using System.Text.Json.Serialization.Metadata;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Writes a JSON answer.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync<T>(
        HttpContext http, int status, T value, JsonTypeInfo<T> json, string contentType = "application/json; charset=utf-8")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        ReadableJson.Write(http.Response.BodyWriter, value, json);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
