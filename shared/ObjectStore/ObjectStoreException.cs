namespace Ebb.ObjectStore;

/// <summary>A store did not do what was asked. The message names the request, the cause and the remedy; it holds no secret.</summary>
public sealed class ObjectStoreException(string message, ObjectStoreFault fault, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The cause.</summary>
    public ObjectStoreFault Fault { get; } = fault;

    /// <summary>The store's own code, such as <c>NoSuchBucket</c>; null when there was no answer, or it came from a directory.</summary>
    public string? Code { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>True when the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Fault is ObjectStoreFault.Unreachable or ObjectStoreFault.Overloaded or ObjectStoreFault.ServerError;
}
