using System.Diagnostics.CodeAnalysis;

namespace Ebb.Settings;

/// <summary>Reads a text; false when it is none of its kind.</summary>
public delegate bool SettingParser<T>(string text, [MaybeNullWhen(false)] out T value);
