using System.Net;
using Ebb.Http;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Manifests;

/// <summary>Reads and writes manifests (OCI distribution-spec v1.1.1, Pulling manifests, Pushing manifests).</summary>
internal sealed class ManifestClient(Registry registry)
{
    private const int MaxPuts = 5;

    private const string Accept =
        $"{MediaTypes.OciIndex}, {MediaTypes.OciManifest}, {MediaTypes.DockerManifestList}, {MediaTypes.DockerManifest}";

    public async Task<Descriptor?> HeadAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Head, repository, reference, Registry.Pull(repository));
        using (var response = await registry.SendAsync(call, cancellationToken))
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            if (response.IsSuccessStatusCode && Describe(response, reference) is { } descriptor)
            {
                return descriptor;
            }

            if (!response.IsSuccessStatusCode
                && response.StatusCode is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.BadRequest))
            {
                throw await registry.FailureAsync(call, response, cancellationToken);
            }
        }

        // The registry does not answer HEAD in full; the manifest itself says everything.
        return (await GetAsync(repository, reference, cancellationToken))?.Descriptor;
    }

    public async Task<Manifest?> GetAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Get, repository, reference, Registry.Pull(repository)) with
        {
            Options = new CallOptions { MaxBodyBytes = Manifest.MaxBytes },
        };
        using var response = await registry.SendAsync(call, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await registry.FailureAsync(call, response, cancellationToken);
        }

        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return Verify(call, reference, response, Parse(call, content, response));
    }

    /// <summary>Puts a manifest; what the registry says it lacks is restored, and the manifest put again.</summary>
    public async Task<bool> PutAsync(
        string repository, string reference, Manifest manifest, Func<CancellationToken, Task> restore, CancellationToken cancellationToken)
    {
        for (var puts = 1; ; puts++)
        {
            try
            {
                return await PutAsync(repository, reference, manifest, cancellationToken);
            }
            catch (RegistryException e) when (e.Fault == RegistryFault.ContentMissing && puts < MaxPuts)
            {
                await Task.Delay(Pause(puts), registry.Time, cancellationToken);
            }

            await restore(cancellationToken);
        }
    }

    private TimeSpan Pause(int puts)
    {
        var pause = registry.Options.Resilience.BaseDelay * (1 << (puts - 1));
        return pause < registry.Options.Resilience.MaxDelay ? pause : registry.Options.Resilience.MaxDelay;
    }

    private async Task<bool> PutAsync(string repository, string reference, Manifest manifest, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Put, repository, reference, Registry.Push(repository)) with
        {
            Content = () => new ReadOnlyMemoryContent(manifest.Content) { Headers = { ContentType = new(manifest.Descriptor.MediaType) } },
        };
        using var response = await registry.SendAsync(call, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await registry.FailureAsync(call, response, cancellationToken);
        }

        var stored = Header(response, "Docker-Content-Digest");
        if (Digest.TryParse(stored, out var digest) && digest.Algorithm == manifest.Descriptor.Digest.Algorithm && digest != manifest.Descriptor.Digest)
        {
            throw Wrong(call, $"the registry stored {digest} in place of {manifest.Descriptor.Digest}");
        }

        return Header(response, "OCI-Subject") is not null;
    }

    private RegistryCall Call(HttpMethod method, string repository, string reference, string scope)
    {
        var isDigest = Digest.TryParse(reference, out _);
        return isDigest || ImageReference.IsTag(reference)
            ? new RegistryCall(method, registry.Address(repository, $"manifests/{reference}"), $"manifest {repository}{(isDigest ? "@" : ":")}{reference}")
            {
                Repository = repository,
                Scopes = [scope],
                Accept = Accept,
            }
            : throw new OciFormatException($"'{(reference.Length <= 80 ? reference : reference[..80] + "…")}' is neither a tag nor a digest.");
    }

    private static Descriptor? Describe(HttpResponseMessage response, string reference)
    {
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        return Digest.TryParse(Header(response, "Docker-Content-Digest"), out var digest)
            && mediaType is not null && (MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType) || MediaTypes.IsSchema1(mediaType))
            && response.Content.Headers.ContentLength is { } size and > 0 and <= Manifest.MaxBytes
            && (!Digest.TryParse(reference, out var asked) || asked == digest)
            ? new Descriptor { MediaType = mediaType, Digest = digest, Size = size }
            : null;
    }

    private static Manifest Parse(RegistryCall call, byte[] content, HttpResponseMessage response)
    {
        try
        {
            return Manifest.Parse(content, response.Content.Headers.ContentType?.MediaType ?? "");
        }
        catch (OciFormatException e)
        {
            throw Registry.Broken(call, e.Message, response, e);
        }
    }

    private static Manifest Verify(RegistryCall call, string reference, HttpResponseMessage response, Manifest manifest)
    {
        if (Digest.TryParse(reference, out var asked))
        {
            return asked.Matches(manifest.Content.Span)
                ? manifest with { Descriptor = manifest.Descriptor with { Digest = asked } }
                : throw Wrong(call, $"the content has the digest {manifest.Descriptor.Digest}");
        }

        return !Digest.TryParse(Header(response, "Docker-Content-Digest"), out var told) || told.Matches(manifest.Content.Span)
            ? manifest
            : throw Wrong(call, $"the content has the digest {manifest.Descriptor.Digest}, but the registry calls it {told}");
    }

    private static RegistryException Wrong(RegistryCall call, string why) =>
        new($"{call}: wrong content: {why}. Nothing was taken from it.", RegistryFault.WrongContent)
        {
            Remedy = "The registry's storage or a proxy before it is damaged; push the image again.",
        };

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
