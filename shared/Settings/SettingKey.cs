namespace Ebb.Settings;

/// <summary>A setting's key within its section, with the whole keys that are read where it is silent, such as another tool's variables.</summary>
/// <param name="Name">The key within the section, such as <c>Keep:Daily</c>.</param>
/// <param name="Aliases">Whole keys, the first that is there counts.</param>
public readonly record struct SettingKey(string Name, params string[] Aliases)
{
    /// <summary>A key that has one name.</summary>
    public static implicit operator SettingKey(string name) => new(name, []);
}
