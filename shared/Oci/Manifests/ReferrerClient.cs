using System.Collections.Concurrent;
using System.Net;
using Ebb.Http;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Manifests;

/// <summary>Lists and writes referrers, by the API or the fallback tag (OCI distribution-spec v1.1.1, Listing Referrers).</summary>
internal sealed class ReferrerClient(Registry registry, ManifestClient manifests)
{
    private const int MaxWrites = 5;
    private readonly ConcurrentDictionary<string, bool> _answersByApi = new();
    private volatile bool _hasNoApi;
    private readonly ConcurrentDictionary<(string Repository, Digest Subject), SemaphoreSlim> _writers = new();

    public async Task<IReadOnlyList<Descriptor>> ListAsync(string repository, Digest subject, CancellationToken cancellationToken) =>
        (IsByApi(repository) ? await ListByApiAsync(repository, subject, cancellationToken) : null)
        ?? (await GetFallbackAsync(repository, subject, cancellationToken))?.Manifests
        ?? [];

    public async Task PutAsync(string repository, Manifest manifest, Func<CancellationToken, Task> restore, CancellationToken cancellationToken)
    {
        var subject = manifest.Subject?.Digest ?? throw new ArgumentException("The manifest has no subject.", nameof(manifest));
        if (await manifests.PutAsync(repository, manifest.Descriptor.Digest.ToString(), manifest, restore, cancellationToken))
        {
            // It keeps the list itself, whatever was thought before.
            _answersByApi[repository] = true;
            return;
        }

        var gate = _writers.GetOrAdd((repository, subject), static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            await AddToFallbackAsync(repository, subject, Describe(manifest), cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<IReadOnlyList<Descriptor>?> ListByApiAsync(string repository, Digest subject, CancellationToken cancellationToken)
    {
        var found = new List<Descriptor>();
        var next = registry.Address(repository, $"referrers/{subject}");
        for (var page = 0; next is not null && page < PageLink.MaxPages; page++)
        {
            var call = new RegistryCall(HttpMethod.Get, next, $"referrers of {repository}@{subject}")
            {
                Repository = repository,
                Scopes = [Registry.Pull(repository)],
                Accept = MediaTypes.OciIndex,
                Options = new CallOptions { MaxBodyBytes = Manifest.MaxBytes },
            };
            using var response = await registry.SendAsync(call, cancellationToken);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest
                || (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType != MediaTypes.OciIndex))
            {
                await NoteAbsenceAsync(repository, response, cancellationToken);
                return null;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await registry.FailureAsync(call, response, cancellationToken);
            }

            found.AddRange(Read(call, await response.Content.ReadAsByteArrayAsync(cancellationToken)));
            next = PageLink.Next(call, response);
        }

        return found;
    }

    private bool IsByApi(string repository) => _answersByApi.TryGetValue(repository, out var byApi) ? byApi : !_hasNoApi;

    // A path that the registry does not know at all is unknown in every repository; one that it answers in the protocol's own
    // words may fail for this repository alone, such as one that does not exist yet.
    private async Task NoteAbsenceAsync(string repository, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound && (await ErrorBody.ReadAsync(response, registry.Time, cancellationToken)).Codes.Count == 0)
        {
            _hasNoApi = true;
        }
        else
        {
            _answersByApi[repository] = false;
        }
    }

    private async Task<Manifest?> GetFallbackAsync(string repository, Digest subject, CancellationToken cancellationToken)
    {
        var index = await manifests.GetAsync(repository, FallbackTag(subject), cancellationToken);
        // Anything else under that name is an image that happens to be called so.
        return index is { Descriptor.MediaType: MediaTypes.OciIndex } && index.Descriptor.Digest != subject ? index : null;
    }

    private async Task AddToFallbackAsync(string repository, Digest subject, Descriptor referrer, CancellationToken cancellationToken)
    {
        var tag = FallbackTag(subject);
        for (var write = 0; ; write++)
        {
            var current = await manifests.GetAsync(repository, tag, cancellationToken);
            if (current is not null && (current.Descriptor.MediaType != MediaTypes.OciIndex || current.Descriptor.Digest == subject))
            {
                throw Unusable(repository, tag, "is no index of referrers, and is not overwritten");
            }

            if (current?.Manifests.Any(m => m.Digest == referrer.Digest) == true)
            {
                return;
            }

            // There is no compare-and-set here: another writer may overwrite ours, which the next round finds.
            _ = write < MaxWrites ? 0 : throw Unusable(repository, tag, $"was overwritten {MaxWrites} times by another writer");
            await manifests.PutAsync(repository, tag, ReferrersIndex.Create([.. current?.Manifests ?? [], referrer]), static _ => Task.CompletedTask, cancellationToken);
        }
    }

    private static IReadOnlyList<Descriptor> Read(RegistryCall call, byte[] body)
    {
        try
        {
            return Manifest.Parse(body, MediaTypes.OciIndex).Manifests;
        }
        catch (OciFormatException e)
        {
            throw Registry.Broken(call, e.Message, inner: e);
        }
    }

    private static Descriptor Describe(Manifest manifest) => manifest.Descriptor with
    {
        ArtifactType = manifest.ArtifactType ?? manifest.Config?.MediaType,
        Annotations = manifest.Annotations,
    };

    private RegistryException Unusable(string repository, string tag, string why) =>
        new($"The referrers tag {repository}:{tag} at {registry.Name} {why}.", RegistryFault.Other)
        {
            Remedy = "Look at what stands under that tag; delete it if nothing needs it, and run again.",
        };

    private static string FallbackTag(Digest subject) => $"{subject.Algorithm}-{subject.Hex[..64]}";
}
