using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>Something that goes wrong with the requests it matches, a number of times.</summary>
public sealed class Fault
{
    private readonly string _method;
    private readonly string _pathPart;
    private int _left;

    private Fault(string method, string pathPart, int times)
    {
        _method = method;
        _pathPart = pathPart;
        _left = times;
    }

    /// <summary>Takes the place of the answer.</summary>
    public Func<HttpContext, Task>? Replace { get; private init; }

    /// <summary>Bends the answer's body.</summary>
    public BodyFault Body { get; private init; } = BodyFault.None;

    /// <summary>How often it may still happen.</summary>
    public int Left => _left;

    /// <summary>Answers a status with an error code, a message and headers.</summary>
    public static Fault Status(
        string _method, string _pathPart, int status, int times = int.MaxValue, string code = "UNKNOWN", string message = "a fault for tests", params (string Name, string Value)[] headers) =>
        new(_method, _pathPart, times)
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
    public static Fault Instead(string _method, string _pathPart, Func<HttpContext, Task> answer, int times = int.MaxValue) =>
        new(_method, _pathPart, times) { Replace = answer };

    /// <summary>Drops the connection before any answer.</summary>
    public static Fault Drop(string _method, string _pathPart, int times = int.MaxValue) => Instead(
        _method,
        _pathPart,
        static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        times);

    /// <summary>Never answers, until the client gives up.</summary>
    public static Fault Silence(string _method, string _pathPart, int times = int.MaxValue) => Instead(
        _method, _pathPart, static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default), times);

    /// <summary>Bends the bodies of answers and uploads.</summary>
    public static Fault Bend(string _method, string _pathPart, BodyFault body, int times = int.MaxValue) => new(_method, _pathPart, times) { Body = body };

    internal bool TryTake(HttpRequest request)
    {
        if ((_method != "*" && !request.Method.Equals(_method, StringComparison.OrdinalIgnoreCase))
            || !$"{request.Path}{request.QueryString}".Contains(_pathPart, StringComparison.Ordinal))
        {
            return false;
        }

        if (Interlocked.Decrement(ref _left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _left);
        return false;
    }
}
