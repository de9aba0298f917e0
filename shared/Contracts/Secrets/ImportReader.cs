using System.Text;
using Ebb.Contracts.Images;

namespace Ebb.Contracts.Secrets;

/// <summary>
/// Reads <c>{"application":"shop","environments":{"dev":{"KEY":"value"}},"dryRun":true}</c>, and reports every problem at once, with
/// the names of keys and never a value.
/// </summary>
public static class ImportReader
{
    /// <summary>The greatest length of an import in UTF-8 bytes: 2 MiB.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>How many keys an environment may get.</summary>
    public const int MaxKeys = 1000;

    /// <summary>The greatest length of a value in UTF-8 bytes: 256 KiB.</summary>
    public const int MaxValueBytes = 256 * 1024;

    /// <summary>The greatest length of an environment's keys and values together: 768 KiB, for Vault's own store refuses an entry over 1 MiB.</summary>
    public const int MaxEnvironmentBytes = 768 * 1024;

    private const int MaxKeyLength = 256;
    private const int MaxEnvironments = 50;

    /// <summary>Reads an import. Null when there is any problem.</summary>
    public static (ImportedSecrets Secrets, bool DryRun)? Read(string json, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(problems);
        if (JsonRequest.Parse(json, MaxBytes, problems) is not { } root)
        {
            return null;
        }

        if (root is not ListMapping mapping)
        {
            problems.Add(JsonRequest.Root, "must be an object such as {\"application\":\"shop\",\"environments\":{\"dev\":{\"KEY\":\"value\"}}}");
            return null;
        }

        var reader = new MappingReader(mapping, ["application", "environments", "dryRun"], problems);
        var fields = new ChangeFields(reader, problems);
        var secrets = new ImportedSecrets { Application = fields.Name("application"), Environments = Environments(reader, problems) };
        var dryRun = fields.Flag("dryRun");
        return problems.Messages.Count == 0 ? (secrets, dryRun) : null;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Environments(MappingReader reader, ListProblems problems)
    {
        var environments = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        if (reader.Node("environments") is not ListMapping { Entries.Count: > 0 and <= MaxEnvironments } mapping)
        {
            problems.Add("environments", $"must be an object of 1 to {MaxEnvironments} environments such as {{\"dev\":{{\"KEY\":\"value\"}}}}");
            return environments;
        }

        foreach (var entry in mapping.Entries)
        {
            if (!PlaceName.IsValid(entry.Key))
            {
                problems.Add(entry.Location, $"{Quoted.Show(entry.Key)} is no name; write {PlaceName.Rule}");
            }
            else if (!environments.TryAdd(entry.Key, Values(entry, problems)))
            {
                problems.Add(entry.Location, "this environment is there twice; keep one");
            }
        }

        return environments;
    }

    private static Dictionary<string, string> Values(ListEntry environment, ListProblems problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (environment.Value is not ListMapping { Entries.Count: > 0 } mapping)
        {
            problems.Add(environment.Location, "must be an object of keys and values such as {\"KEY\":\"value\"}");
            return values;
        }

        if (mapping.Entries.Count > MaxKeys)
        {
            problems.Add(environment.Location, $"has {mapping.Entries.Count} keys; {MaxKeys} are allowed, and so many belong into several secrets");
            return values;
        }

        foreach (var entry in mapping.Entries)
        {
            if (Problem(entry) is { } problem)
            {
                problems.Add(entry.Location, problem);
            }
            else if (!values.TryAdd(entry.Key, ((ListScalar)entry.Value).Text!))
            {
                problems.Add(entry.Location, "this key is there twice; keep one");
            }
        }

        var bytes = values.Sum(value => Encoding.UTF8.GetByteCount(value.Key) + Encoding.UTF8.GetByteCount(value.Value));
        if (bytes > MaxEnvironmentBytes)
        {
            problems.Add(environment.Location, $"keys and values have {bytes} bytes together; at most {MaxEnvironmentBytes} are allowed");
        }

        return values;
    }

    private static string? Problem(ListEntry entry) => entry switch
    {
        { Key: { Length: 0 or > MaxKeyLength } } => $"a key has 1 to {MaxKeyLength} characters",
        _ when entry.Key.Any(char.IsControl) => "a key has no control characters",
        { Value: ListScalar { IsText: true, Text: { } text } } when Encoding.UTF8.GetByteCount(text) is > MaxValueBytes and var bytes =>
            $"the value has {bytes} bytes; at most {MaxValueBytes} are allowed",
        { Value: ListScalar { IsText: true } } => null,
        { Value: ListScalar { Text: null } } => "the value is null; leave the key out, or write \"\" for an empty value",
        _ => "the value must be a string in quotes",
    };
}
