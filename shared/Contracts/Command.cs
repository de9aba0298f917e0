using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts.Images;

namespace Ebb.Contracts;

/// <summary>
/// One kind of work that can be asked for: its queue, how a request is read and written, and which requests wait for each other. The door, a
/// broker's function and whoever enqueues otherwise have all of it from here.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="json">How a message is written.</param>
/// <param name="read">Reads a request as strictly as everywhere; null after a problem was added, and every problem is.</param>
public sealed class Command<T>(string queue, JsonTypeInfo<T> json, Func<string, ListProblems, T?> read)
    where T : class
{
    /// <summary>The queue.</summary>
    public string Queue => queue;

    /// <summary>The longest request in bytes. Default 64 KiB.</summary>
    public int MaxBytes { get; init; } = 64 * 1024;

    /// <summary>Requests of one key are carried out one after the other, in the order they were accepted; null: beside all others.</summary>
    public Func<T, string?> SequenceKey { get; init; } = static _ => null;

    /// <summary>Reads a request; null, with every problem, when there is one.</summary>
    public T? Read(string text, ListProblems problems) => read(text, problems);

    /// <summary>The message. Written anew, so that nothing but what was checked passes the queue.</summary>
    public string Write(T request) => JsonSerializer.Serialize(request, json);
}
