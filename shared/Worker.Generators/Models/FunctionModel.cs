namespace Ebb.Worker.Generators.Models;

/// <summary>One function, as the index will hold it.</summary>
internal sealed record FunctionModel(string Name, string EntryPoint, TriggerModel Trigger, RetryModel? Retry, OutputModel? Output, CallModel Call);

/// <summary>What starts a function.</summary>
internal abstract record TriggerModel
{
    /// <summary>An HTTP request. <paramref name="Route"/> null means the function's name.</summary>
    public sealed record Http(EquatableArray<string> Methods, string AuthLevel, string? Route, bool Scoped) : TriggerModel;

    /// <summary>The clock. <paramref name="CatchUpLimit"/> matters where <paramref name="CatchUp"/> is All.</summary>
    public sealed record Timer(string Schedule, bool UseMonitor, bool RunOnStartup, string CatchUp, int CatchUpLimit) : TriggerModel;

    /// <summary>A queue message.</summary>
    public sealed record Queue(string QueueName) : TriggerModel;

    /// <summary>A RabbitMQ message.</summary>
    public sealed record RabbitMQ(string QueueName, bool OneAtATime, bool Scoped) : TriggerModel;
}

/// <summary>The RabbitMQ queue that the return value goes to.</summary>
internal sealed record OutputModel(string QueueName);

/// <summary>When a failed invocation runs again.</summary>
internal sealed record RetryModel(int MaxRetryCount, TimeSpan Minimum, TimeSpan Maximum);

/// <summary>How the method is called.</summary>
/// <param name="Type">The class, fully qualified.</param>
/// <param name="Method">The method, escaped.</param>
/// <param name="Services">The types of the constructor's parameters; null for a static method.</param>
/// <param name="Disposal">What to do with the instance afterwards.</param>
/// <param name="Arguments">The arguments, as expressions over <c>context</c>.</param>
/// <param name="Returns">What comes back.</param>
/// <param name="IsAwaited">Whether it comes in a task.</param>
/// <param name="MessageType">The type of the message, fully qualified; null when the parameter is none of the user's.</param>
/// <param name="ResultType">The type of the value that becomes the run's result, fully qualified.</param>
internal sealed record CallModel(
    string Type,
    string Method,
    EquatableArray<string>? Services,
    Disposal Disposal,
    EquatableArray<string> Arguments,
    ReturnKind Returns,
    bool IsAwaited,
    string? MessageType,
    string? ResultType);

/// <summary>How an instance is disposed.</summary>
internal enum Disposal
{
    None,
    Synchronous,
    Asynchronous,
}

/// <summary>What a function returns.</summary>
internal enum ReturnKind
{
    Nothing,
    Http,
    Value,
}
