using System.Text;
using System.Text.Json;
using System.Text.Unicode;
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

    // The root, its members, and environments: below them are values.
    private const int PlainLevels = 2;

    /// <summary>Reads an import in UTF-8, with or without a byte order mark. Null when there is any problem; else dispose it.</summary>
    public static ReadImport? Read(ReadOnlyMemory<byte> utf8, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        utf8 = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        if (Parse(utf8, problems) is not { } document)
        {
            return null;
        }

        var import = Read(document, utf8.Length, problems);
        if (import is null)
        {
            document.Dispose();
        }

        return import;
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, ListProblems problems)
    {
        if (utf8.Length > MaxBytes)
        {
            problems.Add(JsonRequest.Root, $"a request has at most {MaxBytes} bytes; split it");
            return null;
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            problems.Add(JsonRequest.Root, "the body is not UTF-8 text");
            return null;
        }

        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException e)
        {
            problems.Add(JsonRequest.Root, $"no valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
            return null;
        }
    }

    private static ReadImport? Read(JsonDocument document, int length, ListProblems problems)
    {
        try
        {
            if (JsonListNode.From(document.RootElement, JsonRequest.Root, PlainLevels) is not ListMapping mapping)
            {
                problems.Add(JsonRequest.Root, "must be an object such as {\"application\":\"shop\",\"environments\":{\"dev\":{\"KEY\":\"value\"}}}");
                return null;
            }

            var reader = new MappingReader(mapping, ["application", "environments", "dryRun"], problems);
            var fields = new ChangeFields(reader, problems);
            var (application, environments, dryRun) = (fields.Name("application"), Environments(reader, problems), fields.Flag("dryRun"));
            return problems.Messages.Count == 0 ? new ReadImport(document, length, application, dryRun, environments) : null;
        }
        catch (InvalidOperationException)
        {
            // A string with half a surrogate pair is JSON, but no text.
            problems.Add(JsonRequest.Root, "a string in it is no valid Unicode text");
            return null;
        }
    }

    private static Dictionary<string, IReadOnlyDictionary<string, JsonElement>> Environments(MappingReader reader, ListProblems problems)
    {
        var environments = new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>(StringComparer.Ordinal);
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

    private static Dictionary<string, JsonElement> Values(ListEntry environment, ListProblems problems)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
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

        var bytes = 0L;
        foreach (var entry in mapping.Entries)
        {
            if (Problem(entry) is { } problem)
            {
                problems.Add(entry.Location, problem);
            }
            else if (values.TryAdd(entry.Key, ((SecretValue)entry.Value).Element))
            {
                bytes += Encoding.UTF8.GetByteCount(entry.Key) + ((SecretValue)entry.Value).ByteCount();
            }
            else
            {
                problems.Add(entry.Location, "this key is there twice; keep one");
            }
        }

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
        { Value: SecretValue { Element.ValueKind: JsonValueKind.String } value } when value.ByteCount() is > MaxValueBytes and var bytes =>
            $"the value has {bytes} bytes; at most {MaxValueBytes} are allowed",
        { Value: SecretValue { Element.ValueKind: JsonValueKind.String } } => null,
        { Value: SecretValue { Element.ValueKind: JsonValueKind.Null } } => "the value is null; leave the key out, or write \"\" for an empty value",
        _ => "the value must be a string in quotes",
    };
}
