using Ebb.Scaler.Metadata;
using Ebb.Scaler.Protos;

namespace Ebb.Scaler.Reading;

/// <summary>
/// The ScaledObjects that KEDA asked about lately: their queues are read together, and their metadata is not parsed at every call.
/// Forgotten when not asked about for a while; nothing depends on what is remembered.
/// </summary>
internal sealed class KnownApps(TimeProvider time)
{
    // KEDA asks every pollingInterval, 30 s by default.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);

    // The references come from the network.
    private const int MaxApps = 5000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The apps asked about lately.</summary>
    public IReadOnlyList<ScaledApp> All
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return [.. _entries.Values.Select(entry => entry.App)];
            }
        }
    }

    /// <summary>The app of the very same reference, when it is known.</summary>
    public ScaledApp? Find(ScaledObjectRef reference)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(KeyOf(reference), out var entry) || !entry.Reference.Equals(reference))
            {
                return null;
            }

            entry.Seen = time.GetTimestamp();
            return entry.App;
        }
    }

    /// <summary>Remembers what a reference means.</summary>
    public void Add(ScaledObjectRef reference, ScaledApp app)
    {
        lock (_gate)
        {
            Forget();
            _entries[KeyOf(reference)] = new(reference.Clone(), app) { Seen = time.GetTimestamp() };
            if (_entries.Count > MaxApps)
            {
                _entries.Remove(_entries.MinBy(entry => entry.Value.Seen).Key);
            }
        }
    }

    // A ScaledObject may have several triggers of this scaler.
    private static string KeyOf(ScaledObjectRef reference) =>
        $"{reference.Namespace}/{reference.Name}/{(reference.ScalerMetadata.TryGetValue(MetadataKeys.App, out var app) ? app : string.Empty)}";

    private void Forget()
    {
        foreach (var (key, entry) in _entries)
        {
            if (time.GetElapsedTime(entry.Seen) > Forgotten)
            {
                _entries.Remove(key);
            }
        }
    }

    private sealed class Entry(ScaledObjectRef reference, ScaledApp app)
    {
        public ScaledObjectRef Reference => reference;

        public ScaledApp App => app;

        public long Seen { get; set; }
    }
}
