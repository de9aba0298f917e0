using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ebb.Http;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Manifests;

/// <summary>Lists tags, page by page (OCI distribution-spec v1.1.1, Listing Tags).</summary>
internal sealed class TagClient(Registry registry)
{
    private const int MaxPageBytes = 16 * 1024 * 1024;
    private const int MaxShown = 128;

    public async IAsyncEnumerable<string> ListAsync(string repository, Action<string> passOver, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = registry.Address(repository, "tags/list");
        for (var page = 1; next is not null; page++)
        {
            var call = new RegistryCall(HttpMethod.Get, next, $"tags of {repository}")
            {
                Repository = repository,
                Scopes = [Registry.Pull(repository)],
                Accept = "application/json",
                Options = new CallOptions { MaxBodyBytes = MaxPageBytes },
            };
            using var response = await registry.SendAsync(call, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await registry.FailureAsync(call, response, cancellationToken);
            }

            foreach (var name in Read(call, await response.Content.ReadAsByteArrayAsync(cancellationToken)))
            {
                if (ImageReference.IsTag(name))
                {
                    yield return name;
                }
                else
                {
                    passOver(Shown(name));
                }
            }

            next = PageLink.Next(call, response);
            if (next is not null && page >= PageLink.MaxPages)
            {
                throw Registry.Broken(call, $"the list has more than {PageLink.MaxPages} pages.");
            }
        }
    }

    private static List<string> Read(RegistryCall call, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var tags = DescriptorReader.Properties(document.RootElement, "the list of tags").GetValueOrDefault("tags");
            return tags.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
                ? []
                : [.. tags.EnumerateArray().Select(tag => tag.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or OciFormatException)
        {
            throw Registry.Broken(call, $"the answer is no list of tags: {e.Message}", inner: e);
        }
    }

    private static string Shown(string name) => Redaction.Text(name.Length <= MaxShown ? name : name[..MaxShown] + "…");
}
