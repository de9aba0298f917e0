using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Kubernetes.Authentication;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Kubernetes;

/// <summary>
/// A client of the Kubernetes API: objects as JSON, read and written with the server's own guards (strict validation, field
/// ownership, preconditions). Opens nothing until it is used. Safe for concurrent use. Every method throws
/// <see cref="KubernetesException"/> for what the cluster does not do.
/// </summary>
public sealed class KubernetesClient : IDisposable
{
    private readonly KubernetesTransport _transport;
    private readonly ObjectWatch _watch;
    private readonly TimeProvider _time;

    /// <summary>Creates the client of one cluster.</summary>
    /// <exception cref="ArgumentException">The options have problems; the message lists them all.</exception>
    public KubernetesClient(KubernetesOptions options, TimeProvider time, ILogger<KubernetesClient>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var problems = KubernetesOptionsValidator.Validate(options).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        Options = options;
        _time = time;
        _transport = new KubernetesTransport(options, ClusterCredential.Create(options, time), time);
        _watch = new ObjectWatch(this, _transport, time, logger ?? NullLogger<KubernetesClient>.Instance);
    }

    /// <summary>The options the client was made from.</summary>
    public KubernetesOptions Options { get; }

    /// <summary>Reads an object.</summary>
    /// <exception cref="KubernetesException"><see cref="KubernetesFault.NotFound"/> when it is not there.</exception>
    public async Task<KubernetesObject> GetAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return new KubernetesObject(await _transport.SendAsync(About(reference, HttpMethod.Get, "get"), cancellationToken));
    }

    /// <summary>Reads an object; null when it is not there. A type that the cluster does not have is an error still.</summary>
    public async Task<KubernetesObject?> FindAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(reference, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.Fault == KubernetesFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reads all objects of a type, page by page; begins again when the pages expire meanwhile (410).</summary>
    /// <param name="type">The type.</param>
    /// <param name="namespace">The namespace; null: all.</param>
    /// <param name="options">Which of them; null: all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<ObjectList> ListAsync(ResourceType type, string? @namespace, ListOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        return ObjectLister.ListAsync(_transport, type, @namespace, options ?? new ListOptions(), cancellationToken);
    }

    /// <summary>
    /// Applies an object (server-side apply) with strict validation: a field that the type does not have is an error. What an
    /// earlier apply of the same manager set and this one leaves out is removed. Repeating it is harmless.
    /// </summary>
    /// <param name="content">The object: <c>apiVersion</c>, <c>kind</c>, <c>metadata.name</c> and the fields to own.</param>
    /// <param name="type">Its type.</param>
    /// <param name="options">How; null: as it is by default.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">The object has no name, is of another type, or is in no namespace although its type needs one.</exception>
    public async Task<ApplyResult> ApplyAsync(ResourceType type, JsonObject content, ApplyOptions? options, CancellationToken cancellationToken)
    {
        options ??= new ApplyOptions();
        var reference = Written.Reference(type, content);
        var manager = options.FieldManager ?? Options.FieldManager;
        var path = KubernetesPath.WithQuery(
            KubernetesPath.Of(reference),
            ("fieldManager", manager), ("force", options.Force ? "true" : "false"), ("fieldValidation", "Strict"), ("dryRun", options.DryRun ? "All" : null));
        var request = About(reference, HttpMethod.Patch, "patch") with { Path = path, Body = content, ContentType = "application/apply-patch+yaml", FieldManager = manager };
        var before = options.Known ?? await FindAsync(reference, cancellationToken);
        var after = new KubernetesObject(await _transport.SendAsync(request, cancellationToken));
        return new ApplyResult(after, Written.Outcome(before, after));
    }

    /// <summary>Merges fields into an object (RFC 7396): null removes a field, a list replaces a list.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="patch">The fields.</param>
    /// <param name="resourceVersion">The one version to patch, in a request that is never repeated by itself once it was sent; null: whatever is there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubernetesException"><see cref="KubernetesFault.Conflict"/> when the object is another version.</exception>
    public async Task<KubernetesObject> MergePatchAsync(ObjectReference reference, JsonObject patch, string? resourceVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(patch);
        var request = About(reference, HttpMethod.Patch, "patch") with
        {
            Path = KubernetesPath.WithQuery(KubernetesPath.Of(reference), ("fieldManager", Options.FieldManager), ("fieldValidation", "Strict")),
            Body = resourceVersion is null ? patch : Written.WithVersion(patch, resourceVersion),
            ContentType = "application/merge-patch+json",
            Repeatable = resourceVersion is null,
            FieldManager = Options.FieldManager,
        };
        return new KubernetesObject(await _transport.SendAsync(request, cancellationToken));
    }

    /// <summary>Asks for an object's deletion. It may be there for a while yet: see <see cref="WaitUntilGoneAsync"/>.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="options">How, and on which preconditions; null: as the type does by default, whatever is there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubernetesException"><see cref="KubernetesFault.Conflict"/> when a precondition does not hold.</exception>
    public async Task<DeleteResult> DeleteAsync(ObjectReference reference, V1DeleteOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var body = (options ?? new V1DeleteOptions()) with { ApiVersion = V1DeleteOptions.KubeApiVersion, Kind = V1DeleteOptions.KubeKind };
        var request = About(reference, HttpMethod.Delete, "delete") with { Body = JsonSerializer.SerializeToNode(body, KubernetesModels.Default.V1DeleteOptions) };
        try
        {
            await _transport.SendAsync(request, cancellationToken);
            return DeleteResult.Accepted;
        }
        catch (KubernetesException exception) when (exception.Fault == KubernetesFault.NotFound)
        {
            return DeleteResult.NotThere;
        }
    }

    /// <summary>
    /// Follows the objects of a type without end: first each that is there, then every change. Links that break and versions
    /// that expire are made good: what changed meanwhile is reported then, deletions included, in one event for each object.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="namespace">The namespace; null: all.</param>
    /// <param name="options">Which of them; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubernetesException">What does not pass by itself: a missing right, a type that is not served.</exception>
    public IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string? @namespace, ListOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _watch.RunAsync(type, @namespace, options ?? new ListOptions(), cancellationToken);
    }

    /// <summary>Waits until an object is as it should be, by watching it.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="until">Whether it is; gets null while the object is not there. May throw to give up with a cause.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The object as it satisfied <paramref name="until"/>; null when its absence did.</returns>
    /// <exception cref="KubernetesException"><see cref="KubernetesFault.TimedOut"/>, with <see cref="KubernetesException.LastSeen"/>.</exception>
    public Task<KubernetesObject?> WaitAsync(ObjectReference reference, Func<KubernetesObject?, bool> until, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(until);
        return ObjectWait.RunAsync(_watch, reference, until, timeout, _time, cancellationToken);
    }

    /// <summary>Waits until an object is gone. One of the same name that was made since counts as gone.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="uid">Its uid; null: any object of that name.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubernetesException"><see cref="KubernetesFault.TimedOut"/>: the message names the finalizers and contents that remain.</exception>
    public Task WaitUntilGoneAsync(ObjectReference reference, string? uid, TimeSpan timeout, CancellationToken cancellationToken) =>
        WaitAsync(reference, found => found is null || (uid is not null && found.Uid() != uid), timeout, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static KubernetesRequest About(ObjectReference reference, HttpMethod method, string verb) =>
        new(method, KubernetesPath.Of(reference), verb, reference.Type) { Namespace = reference.Namespace, Name = reference.Name };
}
