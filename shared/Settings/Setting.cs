namespace Ebb.Settings;

/// <summary>One setting as it was read: what it may be and what is in force.</summary>
/// <param name="Name">The whole key, such as <c>EtcdBackup:Keep:Daily</c>.</param>
/// <param name="Form">What can be written, such as <c>a whole number from 1 to 3650</c>.</param>
/// <param name="Default">What holds where nothing is written; null: nothing does.</param>
/// <param name="Aliases">Other keys that are read, in this order, where the first is silent.</param>
/// <param name="Value">What is written; null where nothing is, and for secrets that are there <c>(set)</c>.</param>
/// <param name="Source">Where that stands: <c>environment</c>, <c>command line</c>, a file's name or <c>app</c>; null: nowhere.</param>
public sealed record Setting(string Name, string Form, string? Default, IReadOnlyList<string> Aliases, string? Value, string? Source);
