namespace Ebb.Vault.KeyValue;

/// <content>Lists and metadata.</content>
public sealed partial class VaultKeyValue
{
    private static readonly HttpMethod List = new("LIST");

    /// <summary>The names below a path, folders with a slash at their end; none when nothing is there. An empty path is the engine's root.</summary>
    /// <exception cref="VaultException">The path may not be listed, or the server fails.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        var place = path.Length == 0 ? VaultPath.Join(Mount, "metadata") : Metadata(path);
        try
        {
            var answer = await _client.SendAsync(new VaultRequest(List, place + "/") { Repeatable = true }, KeyValueJson.Default.ListAnswer, cancellationToken);
            return answer.Data?.Keys ?? [];
        }
        catch (VaultException exception) when (exception.IsEmpty)
        {
            return [];
        }
    }

    /// <summary>Reads a secret's metadata; null when there is no such secret.</summary>
    /// <exception cref="VaultException">It may not be read, or the server fails.</exception>
    public async Task<KeyValueMetadata?> ReadMetadataAsync(string path, CancellationToken cancellationToken)
    {
        var request = VaultRequest.Get(Metadata(path));
        try
        {
            var answer = await _client.SendAsync(request, KeyValueJson.Default.MetadataAnswer, cancellationToken);
            return answer.Data?.ToMetadata() ?? throw Incomplete(request);
        }
        catch (VaultException exception) when (exception.IsEmpty)
        {
            return null;
        }
    }

    /// <summary>Writes a secret's metadata; custom metadata is replaced as a whole. Makes no version. Check-and-set where the change says so and the server counts.</summary>
    /// <exception cref="ArgumentException">Custom metadata is over the server's limits; the message lists every problem.</exception>
    /// <exception cref="VaultException">Nothing was written.</exception>
    public Task WriteMetadataAsync(string path, KeyValueMetadataChange change, CancellationToken cancellationToken)
    {
        KeyValueMetadataRules.Check(change);
        return SendAsync(new VaultRequest(HttpMethod.Post, Metadata(path)) { Body = KeyValueBodies.Metadata(change), Repeatable = true }, cancellationToken);
    }

    /// <summary>Changes some of a secret's metadata; keys of custom metadata that are not named stay. Makes no version.</summary>
    /// <exception cref="ArgumentException">Custom metadata is over the server's limits; the message lists every problem.</exception>
    /// <exception cref="VaultException">
    /// Nothing was changed. <see cref="VaultFault.PatchUnknown"/>: the server knows no PATCH. <see cref="VaultFault.NotFound"/>: there is no such secret.
    /// </exception>
    public Task PatchMetadataAsync(string path, KeyValueMetadataChange change, CancellationToken cancellationToken)
    {
        KeyValueMetadataRules.Check(change);
        var request = new VaultRequest(HttpMethod.Patch, Metadata(path)) { Body = KeyValueBodies.Metadata(change), ContentType = VaultRequest.MergePatch, Repeatable = true };
        return PatchingAsync(async () =>
        {
            await SendAsync(request, cancellationToken);
            return true;
        }, () => _metadataPatchMissing = true);
    }

    private string Metadata(string path) => VaultPath.Join(Mount, "metadata", path);

    private Task SendAsync(VaultRequest request, CancellationToken cancellationToken) => _client.SendAsync(request, cancellationToken);
}
