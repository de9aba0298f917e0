using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>Something that goes wrong with the requests it matches, a number of times.</summary>
public sealed class Fault
{
    private readonly string method;
    private readonly string pathPart;
    private int left;

    private Fault(string method, string pathPart, int times)
    {
        this.method = method;
        this.pathPart = pathPart;
        left = times;
    }

    /// <summary>Takes the place of the answer.</summary>
    public Func<HttpContext, Task>? Replace { get; private init; }

    /// <summary>Bends the answer's body.</summary>
    public BodyFault Body { get; private init; } = BodyFault.None;

    /// <summary>How often it may still happen.</summary>
    public int Left => left;

    /// <summary>Answers a status with an error code, a message and headers.</summary>
    public static Fault Status(
        string method, string pathPart, int status, int times = int.MaxValue, string code = "UNKNOWN", string message = "a fault for tests", params (string Name, string Value)[] headers) =>
        new(method, pathPart, times)
        {
            Replace = context =>
            {
                foreach (var (name, value) in headers)
                {
                    context.Response.Headers[name] = value;
                }

                return Answers.ErrorAsync(context, status, code, message);
            },
        };

    /// <summary>Runs code in place of the answer.</summary>
    public static Fault Instead(string method, string pathPart, Func<HttpContext, Task> answer, int times = int.MaxValue) =>
        new(method, pathPart, times) { Replace = answer };

    /// <summary>Drops the connection before any answer.</summary>
    public static Fault Drop(string method, string pathPart, int times = int.MaxValue) => Instead(
        method,
        pathPart,
        static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        times);

    /// <summary>Never answers, until the client gives up.</summary>
    public static Fault Silence(string method, string pathPart, int times = int.MaxValue) => Instead(
        method, pathPart, static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default), times);

    /// <summary>Bends the bodies of answers and uploads.</summary>
    public static Fault Bend(string method, string pathPart, BodyFault body, int times = int.MaxValue) => new(method, pathPart, times) { Body = body };

    internal bool TryTake(HttpRequest request)
    {
        if ((method != "*" && !request.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
            || !$"{request.Path}{request.QueryString}".Contains(pathPart, StringComparison.Ordinal))
        {
            return false;
        }

        if (Interlocked.Decrement(ref left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref left);
        return false;
    }
}
