using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>Writes answers and reads requests, bent as the request's <see cref="BodyFault"/> says.</summary>
internal static class Answers
{
    // https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
    public static Task ErrorAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Request.Method == "HEAD"
            ? Task.CompletedTask
            : context.Response.WriteAsync($$"""{"errors":[{"code":"{{code}}","message":"{{JsonEncodedText.Encode(message)}}"}]}""");
    }

    public static async Task BytesAsync(HttpContext context, ReadOnlyMemory<byte> content)
    {
        var fault = BodyFault.Of(context);
        if (fault.EndlessAnswer)
        {
            await EndlessAsync(context);
            return;
        }

        context.Response.ContentLength = content.Length;
        if (context.Request.Method == "HEAD")
        {
            return;
        }

        if ((fault.CutAnswerAfter ?? fault.StallAnswerAfter) is { } limit && limit < content.Length)
        {
            await context.Response.Body.WriteAsync(content[..limit]);
            await context.Response.Body.FlushAsync();
            await (fault.StallAnswerAfter is null ? Task.CompletedTask : GoneAsync(context));
            context.Abort();
            return;
        }

        if (fault.AlterAnswer)
        {
            var altered = content.ToArray();
            altered[^1] ^= 1;
            content = altered;
        }

        await context.Response.Body.WriteAsync(content);
    }

    /// <summary>Hands each part of the request's body on as it comes; false when the link was cut.</summary>
    public static async Task<bool> ReadAsync(HttpContext context, Action<ReadOnlyMemory<byte>> take)
    {
        var fault = BodyFault.Of(context);
        var limit = fault.CutRequestAfter ?? fault.StallRequestAfter ?? int.MaxValue;
        var buffer = new byte[16 * 1024];
        var total = 0;
        while (await context.Request.Body.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, limit - total))) is var read and > 0)
        {
            take(buffer.AsMemory(0, read).ToArray());
            total += read;
            if (total < limit)
            {
                continue;
            }

            await (fault.StallRequestAfter is null ? Task.CompletedTask : GoneAsync(context));
            context.Abort();
            return false;
        }

        return true;
    }

    public static Task GoneAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);

    private static async Task EndlessAsync(HttpContext context)
    {
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)' ');
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(block, context.RequestAborted);
        }
    }
}
