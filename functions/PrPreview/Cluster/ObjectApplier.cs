using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.PrPreview.Rendering;

namespace Ebb.PrPreview.Cluster;

/// <summary>
/// Applies objects with one write at most: none where the object is as it was applied last and nobody changed it since. The annotation
/// tells a field that is no longer wanted from one that somebody else added.
/// </summary>
internal sealed class ObjectApplier(KubernetesClient cluster)
{
    public const string Applied = "ebb/applied";

    /// <summary>Applies an object that only ever exists inside of a preview's namespace.</summary>
    public Task<KubernetesObject> ApplyAsync(RenderedObject rendered, CancellationToken cancellationToken) =>
        ApplyAsync(rendered, owner: null, cancellationToken);

    /// <summary>Applies an object that somebody else could have made under the same name: theirs is left alone.</summary>
    /// <exception cref="PreviewException">It belongs to another pull request, or to nobody's preview.</exception>
    /// <exception cref="StillGoingException">The one before it is being deleted.</exception>
    public async Task<KubernetesObject> ApplyAsync(RenderedObject rendered, string? owner, CancellationToken cancellationToken)
    {
        var wanted = Marked(rendered.Content);
        var found = await cluster.FindAsync(rendered.Reference, cancellationToken);
        if (found is not null && owner is not null && !Marks.BelongsTo(found, owner))
        {
            throw new PreviewException($"{rendered.Reference} is there already and does not belong to this pull request's preview; it was left as it is.");
        }

        if (found is { Metadata.DeletionTimestamp: not null })
        {
            throw new StillGoingException(found);
        }

        return found is not null && IsIn(wanted, found.Json)
            ? found
            : (await cluster.ApplyAsync(rendered.Type, wanted, new ApplyOptions { Known = found }, cancellationToken)).Item;
    }

    /// <summary>Writes a Secret without looking at what is there: this process has no right to get it.</summary>
    public Task ApplyUnseenAsync(RenderedObject rendered, CancellationToken cancellationToken) =>
        cluster.ApplyAsync(rendered.Type, rendered.Content, new ApplyOptions { Known = new KubernetesObject(rendered.Content) }, cancellationToken);

    /// <summary>Whether everything that is wanted is there. Lists have to be alike entry by entry.</summary>
    internal static bool IsIn(JsonNode? wanted, JsonNode? found) => (wanted, found) switch
    {
        (JsonObject left, JsonObject right) => left.All(entry => IsIn(entry.Value, right[entry.Key])),
        (JsonArray left, JsonArray right) => left.Count == right.Count && left.Zip(right).All(pair => IsIn(pair.First, pair.Second)),
        // The server leaves empty mappings out.
        (JsonObject { Count: 0 }, null) => true,
        _ => JsonNode.DeepEquals(wanted, found),
    };

    private static JsonObject Marked(JsonObject content)
    {
        var marked = content.DeepClone().AsObject();
        var metadata = marked["metadata"]!.AsObject();
        var annotations = metadata["annotations"]?.DeepClone().AsObject() ?? [];
        annotations[Applied] = HashOf(content);
        metadata["annotations"] = annotations;
        return marked;
    }

    private static string HashOf(JsonObject content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString())))[..16];
}
