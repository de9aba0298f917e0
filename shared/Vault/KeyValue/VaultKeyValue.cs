using System.Net;

namespace Ebb.Vault.KeyValue;

/// <summary>
/// The key-value engine, version 2: secrets with versions (Vault and OpenBao API, KV secrets engine v2). Paths are those people write, such
/// as <c>application/shop/dev/docker</c>, and are escaped here. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Faults of <see cref="VaultException"/> to expect: <see cref="VaultFault.VersionConflict"/> when somebody wrote meanwhile,
/// <see cref="VaultFault.CheckAndSetRequired"/>, <see cref="VaultFault.Denied"/>, and <see cref="VaultFault.NotFound"/> when the engine is not mounted.
/// </remarks>
public sealed partial class VaultKeyValue
{
    private readonly VaultClient _client;
    private volatile bool _patchMissing;
    private volatile bool _metadataPatchMissing;

    /// <summary>Opens an engine; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">The mount is no path.</exception>
    public VaultKeyValue(VaultClient client, string mount)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        Mount = VaultPath.IsValid(mount) ? mount : throw new ArgumentException($"'{mount}' is no mount path such as kvv2 or team/kv.", nameof(mount));
    }

    /// <summary>Where the engine is mounted.</summary>
    public string Mount { get; }

    /// <summary>False once the server has shown that it knows no PATCH of secrets in this engine (Vault before 1.9).</summary>
    public bool KnowsPatch => !_patchMissing;

    /// <summary>The same for metadata: what stands before a server may let through the one and not the other.</summary>
    public bool KnowsMetadataPatch => !_metadataPatchMissing;

    /// <summary>Reads a version, the newest unless one is named; null when there is no such secret or version. A deleted version comes without data.</summary>
    /// <exception cref="VaultException">The secret may not be read, the engine is not there, or the server fails.</exception>
    public async Task<KeyValueSecret?> ReadAsync(string path, int? version, CancellationToken cancellationToken)
    {
        var request = VaultRequest.Get(Data(path) + (version is { } number ? $"?version={number}" : ""));
        try
        {
            var answer = await _client.SendAsync(request, KeyValueJson.Default.ReadAnswer, cancellationToken);
            return answer.Data?.ToSecret() ?? throw Incomplete(request);
        }
        catch (VaultException exception) when (exception.IsEmpty)
        {
            // A deleted version answers 404 as well, with its metadata.
            return KeyValueAnswers.DeletedVersion(exception.Body);
        }
    }

    /// <summary>Writes a new version that holds these keys and no others.</summary>
    /// <param name="path">The secret.</param>
    /// <param name="data">All of its keys.</param>
    /// <param name="checkAndSet">The version that is replaced, 0 for a secret that was never written; null: whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting; the server may have written nevertheless.</param>
    /// <exception cref="VaultException">Nothing was written, or the answer was lost too often; with check-and-set a repetition cannot write twice.</exception>
    public Task<KeyValueVersion> WriteAsync(string path, KeyValueData data, int? checkAndSet, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        var request = new VaultRequest(HttpMethod.Post, Data(path)) { Body = KeyValueBodies.Write(checkAndSet, data), Repeatable = checkAndSet is not null };
        return VersionAsync(request, cancellationToken);
    }

    /// <summary>Writes a new version with some keys changed or (null) removed at the server; the others stay. Needs the capability <c>patch</c>.</summary>
    /// <exception cref="VaultException">
    /// As for a write. <see cref="VaultFault.PatchUnknown"/>: the server knows no PATCH, use <see cref="ChangeAsync"/>. <see cref="VaultFault.NotFound"/>: there is no
    /// such secret, or its newest version is deleted.
    /// </exception>
    public async Task<KeyValueVersion> PatchAsync(
        string path, IReadOnlyDictionary<string, string?> changes, int? checkAndSet, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var request = new VaultRequest(HttpMethod.Patch, Data(path))
        {
            Body = KeyValueBodies.Patch(checkAndSet, changes),
            ContentType = VaultRequest.MergePatch,
            Repeatable = checkAndSet is not null,
        };
        return await PatchingAsync(() => VersionAsync(request, cancellationToken), () => _patchMissing = true);
    }

    /// <summary>
    /// Changes or (null) removes some keys of a secret that was just read, the others staying as they are: by PATCH, or by writing the data
    /// that was read with the changes where the server has no PATCH or the policy no <c>patch</c>. Always with check-and-set.
    /// </summary>
    /// <exception cref="VaultException">Nothing was written; <see cref="VaultFault.VersionConflict"/>: read again and decide again.</exception>
    public async Task<KeyValueVersion> ChangeAsync(
        string path, KeyValueSecret current, IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(changes);
        var number = current.Version.Number;
        if (current.Data is not null && KnowsPatch)
        {
            try
            {
                return await PatchAsync(path, changes, number, cancellationToken);
            }
            catch (VaultException exception) when (exception.Fault is VaultFault.PatchUnknown or VaultFault.Denied)
            {
                // Without the capability, read and update may be allowed nevertheless; as Vault's own client does it.
            }
            catch (VaultException exception) when (exception.Status is HttpStatusCode.NotFound && exception.Errors.Count == 0)
            {
                await ConfirmAsync(path, number, exception, cancellationToken);
            }
        }

        return await WriteAsync(path, (current.Data ?? KeyValueData.Empty).With(changes), number, cancellationToken);
    }

    private string Data(string path) => VaultPath.Join(Mount, "data", path);

    // Where PATCH is not found although the secret is, the server has none; where the secret went, what was read no longer counts.
    private async Task ConfirmAsync(string path, int number, VaultException notFound, CancellationToken cancellationToken)
    {
        if (await ReadAsync(path, null, cancellationToken) is not { Data: not null } now || now.Version.Number != number)
        {
            throw new VaultException($"{Mount}/{path} was deleted or written while it was being changed. Read it again.", VaultFault.VersionConflict, notFound);
        }

        _patchMissing = true;
    }

    private static async Task<T> PatchingAsync<T>(Func<Task<T>> send, Action missing)
    {
        try
        {
            return await send();
        }
        catch (VaultException exception) when (exception.Status is HttpStatusCode.MethodNotAllowed)
        {
            missing();
            throw new VaultException(
                $"{exception.Message} The server knows no PATCH here; it came with Vault 1.9.", VaultFault.PatchUnknown, exception)
            { Status = exception.Status, Errors = exception.Errors };
        }
    }

    private async Task<KeyValueVersion> VersionAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(request, KeyValueJson.Default.VersionAnswer, cancellationToken);
        return answer.Data?.ToVersion() ?? throw Incomplete(request);
    }

    private VaultException Incomplete(VaultRequest request) =>
        new($"{_client.Options} answered {request} without a version. Is {Mount} a KV engine of version 2?", VaultFault.Protocol);
}
