using System.Security.Cryptography;
using static Ebb.ObjectStore.StoreCapability;

namespace Ebb.ObjectStore;

/// <summary>Tries what a store supports, with one small object of its own: what is the same for every kind, and then what the kind adds.</summary>
internal abstract class ProbeRun(IObjectStore store, TimeProvider time)
{
    private const string Prefix = ".ebb-probe-";
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);
    private readonly List<ProbeFinding> _findings = [];

    protected ObjectKey Key { get; } = ObjectKey.Parse(Prefix + Guid.NewGuid().ToString("N"));

    protected byte[] Content { get; } = RandomNumberGenerator.GetBytes(1024);

    public async Task<StoreProbe> RunAsync(CancellationToken cancellationToken)
    {
        await TryAsync(Write, "Give these credentials the right to write.", () => store.PutAsync(Key, Content, UploadOptions.Default, cancellationToken));
        if (_findings is [{ Support: ProbeSupport.Works }])
        {
            try
            {
                await TryAsync(Read, "Give these credentials the right to read.", () => ReadAsync(cancellationToken));
                await TryAsync(List, "Give these credentials the right to list.", () => ListAsync(cancellationToken));
                await TryMoreAsync(cancellationToken);
            }
            finally
            {
                await TryAsync(Delete, "Give these credentials the right to delete, or old objects stay for ever.", () => DeleteAsync(CancellationToken.None));
            }
        }

        var untried = Enum.GetValues<StoreCapability>().Where(capability => _findings.All(finding => finding.Capability != capability));
        _findings.AddRange(untried.Select(capability => new ProbeFinding(capability, ProbeSupport.Unknown, "Could not be tried, because what it needs failed.")));
        return new StoreProbe(_findings);
    }

    protected abstract Task TryMoreAsync(CancellationToken cancellationToken);

    protected async Task TryAsync(StoreCapability capability, string remedy, Func<Task> attempt)
    {
        try
        {
            await attempt();
            _findings.Add(new ProbeFinding(capability, ProbeSupport.Works));
        }
        catch (ObjectStoreException exception)
        {
            var unknown = exception.IsTransient || (capability is Retention && exception.Fault == ObjectStoreFault.AccessDenied);
            _findings.Add(new ProbeFinding(capability, unknown ? ProbeSupport.Unknown : ProbeSupport.Missing, $"{exception.Message} {remedy}"));
        }
    }

    protected async Task ExpectContentAsync(string how, CancellationToken cancellationToken)
    {
        var read = await store.GetAsync(Key, Content.Length, cancellationToken);
        Expect(Content.AsSpan().SequenceEqual(read), $"what is read is not what was written {how}");
    }

    protected void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ObjectStoreException($"{store.Address}: {otherwise}.", ObjectStoreFault.Corrupt);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await ExpectContentAsync("in one piece", cancellationToken);
        await using var range = await store.OpenDownloadAsync(Key, new ByteRange(100, 50), cancellationToken);
        var read = await range.ReadAllAsync(50, cancellationToken);
        Expect(Content.AsSpan(100, 50).SequenceEqual(read), "a range that is read is not what was written");
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var info in store.ListAsync(Prefix, cancellationToken))
        {
            found |= info.Key == Key && info.Size == Content.Length;
            if (info.Key != Key && info.LastModified < time.GetUtcNow() - Abandoned)
            {
                // Of a probe whose process was killed.
                await store.DeleteAsync(info.Key, cancellationToken);
            }
        }

        Expect(found, "an object that was written is not listed");
    }

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await store.DeleteAsync(Key, cancellationToken);
        Expect(await store.FindAsync(Key, cancellationToken) is null, "an object that was deleted is still there");
    }
}
