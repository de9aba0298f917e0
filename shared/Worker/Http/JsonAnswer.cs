using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Writes a JSON answer.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(http.Response.Body, value, json, http.RequestAborted);
    }
}
