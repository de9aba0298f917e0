using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Ebb.Manifests.Settings;

/// <summary>Has no setting, and remembers those that were asked for. It is added last, because the last source is asked first.</summary>
internal sealed class AskedSettings : IConfigurationSource, IConfigurationProvider
{
    private readonly SortedSet<string> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys and sections, in order.</summary>
    public IReadOnlyList<string> Keys => [.. _keys];

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public bool TryGet(string key, out string? value)
    {
        _keys.Add(key);
        value = null;
        return false;
    }

    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        if (parentPath is not null)
        {
            _keys.Add(parentPath);
        }

        return earlierKeys;
    }

    public void Set(string key, string? value) => throw new NotSupportedException($"{key} cannot be set: planning only reads.");

    public void Load()
    {
    }

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);
}
