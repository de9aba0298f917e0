namespace Ebb.Worker.Generators.Models;

/// <summary>One function, as the index will hold it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="EntryPoint">The method.</param>
/// <param name="Trigger">What starts it.</param>
/// <param name="TriggerParameter">The parameter that has the trigger.</param>
/// <param name="Retry">When a failed invocation runs again; null for the host's policy.</param>
/// <param name="Outputs">Where the return value, or properties of it, go.</param>
/// <param name="Call">How the method is called.</param>
internal sealed record FunctionModel(
    string Name, string EntryPoint, TriggerModel Trigger, string TriggerParameter, RetryModel? Retry, EquatableArray<OutputModel> Outputs, CallModel Call);

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

/// <summary>The queue that the return value, or a property of it, goes to.</summary>
/// <param name="Name">The property; <see cref="ReturnValue"/> for the return value.</param>
/// <param name="IsBroker">Whether the queue is RabbitMQ's.</param>
/// <param name="QueueName">The queue.</param>
internal sealed record OutputModel(string Name, bool IsBroker, string QueueName)
{
    /// <summary>The name of the return value.</summary>
    public const string ReturnValue = "$return";
}

/// <summary>A property of a return value that holds several outputs.</summary>
/// <param name="Property">The property, escaped.</param>
/// <param name="Output">The output's name; null for the HTTP answer.</param>
/// <param name="Type">Its type, or the type of its elements when each is sent by itself; fully qualified.</param>
/// <param name="IsEach">Whether it is an array whose elements are sent by themselves.</param>
internal sealed record PartModel(string Property, string? Output, string Type, bool IsEach);

/// <summary>A parameter, for middleware that asks.</summary>
internal sealed record ParameterModel(string Name, string Type);

/// <summary>When a failed invocation runs again.</summary>
internal sealed record RetryModel(int MaxRetryCount, TimeSpan Minimum, TimeSpan Maximum);

/// <summary>How the method is called.</summary>
/// <param name="Type">The class, fully qualified.</param>
/// <param name="Method">The method, escaped.</param>
/// <param name="Services">The types of the constructor's parameters; null for a static method.</param>
/// <param name="Disposal">What to do with the instance afterwards.</param>
/// <param name="Arguments">The arguments, as expressions over <c>context</c>.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Returns">What comes back.</param>
/// <param name="IsAwaited">Whether it comes in a task.</param>
/// <param name="MessageType">The type of the message or body, fully qualified; null when the parameter is none of the user's.</param>
/// <param name="ResultType">The type of what is returned, fully qualified; null when it is an answer or nothing.</param>
/// <param name="Parts">The outputs in what is returned.</param>
/// <param name="JsonTypes">The types that are read and written as JSON, fully qualified.</param>
internal sealed record CallModel(
    string Type,
    string Method,
    EquatableArray<string>? Services,
    Disposal Disposal,
    EquatableArray<string> Arguments,
    EquatableArray<ParameterModel> Parameters,
    ReturnKind Returns,
    bool IsAwaited,
    string? MessageType,
    string? ResultType,
    EquatableArray<PartModel> Parts,
    EquatableArray<string> JsonTypes);

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

    /// <summary>A value that is sent as well.</summary>
    Sent,

    /// <summary>An array whose elements are sent, each by itself.</summary>
    SentEach,

    /// <summary>An object whose properties are outputs.</summary>
    Parts,
}
