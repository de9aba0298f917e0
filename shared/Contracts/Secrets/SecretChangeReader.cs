using Ebb.Contracts.Images;

namespace Ebb.Contracts.Secrets;

/// <summary>Reads changes from JSON, at the door and from the queue, and reports every problem at once.</summary>
public static class SecretChangeReader
{
    /// <summary>The greatest length of a change without sealed content in UTF-8 bytes: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The greatest length of a message in UTF-8 bytes: 4 MiB less a little.</summary>
    public const int MaxMessageBytes = (4 * 1024 * 1024) - 1024;

    private static readonly Dictionary<string, Func<ChangeFields, SecretChange>> Changes = new(StringComparer.Ordinal)
    {
        ["bump"] = Bump,
        ["rollback"] = Rollback,
        ["pin"] = fields => new PinRequest { Application = fields.Name("application"), Environment = fields.Name("environment"), Reason = fields.Label("reason") },
        ["unpin"] = fields => new UnpinRequest { Application = fields.Name("application"), Environment = fields.Name("environment") },
        ["approve"] = fields => new ApproveRequest { Application = fields.Name("application"), Environment = fields.Name("environment"), NewTag = fields.Tag("new_tag") },
        ["import"] = fields => new ImportRequest { Application = fields.Name("application"), Sealed = fields.Required("sealed"), DryRun = fields.Flag("dryRun") },
    };

    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["bump"] = ["application", "new_tag", "environments", "build", "commit", "dryRun"],
        ["rollback"] = ["application", "environment", "to", "pin", "reason", "dryRun"],
        ["pin"] = ["application", "environment", "reason"],
        ["unpin"] = ["application", "environment"],
        ["approve"] = ["application", "environment", "new_tag"],
        ["import"] = ["application", "sealed", "dryRun"],
    };

    /// <summary>Reads a request of the door, whose path says which change it is. Null when there is any problem.</summary>
    public static SecretChange? Read(string change, string json, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(problems);
        return JsonRequest.Parse(json, MaxBytes, problems) is { } root ? Read(change, root, [], problems) : null;
    }

    /// <summary>Reads a message: the same with <c>"change":"bump"</c>, which is also what a message without it means. Null when there is any problem.</summary>
    public static SecretChange? ReadMessage(string json, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(problems);
        if (JsonRequest.Parse(json, MaxMessageBytes, problems) is not { } root)
        {
            return null;
        }

        var kind = root is ListMapping mapping && mapping.Entries.FirstOrDefault(entry => entry.Key == "change") is { } entry
            ? entry.Value is ListScalar { IsText: true, Text: { } text } ? text : ""
            : "bump";
        if (!Changes.ContainsKey(kind))
        {
            problems.Add("change", $"{Quoted.Show(kind)} is no change; write one of {string.Join(", ", Changes.Keys)}");
            return null;
        }

        return Read(kind, root, ["change"], problems);
    }

    private static SecretChange? Read(string change, ListNode root, string[] alsoKnown, ListProblems problems)
    {
        if (root is not ListMapping mapping)
        {
            problems.Add(JsonRequest.Root, "must be an object such as {\"application\":\"shop\",\"new_tag\":\"1.4.0\"}");
            return null;
        }

        var read = Changes[change](new ChangeFields(new MappingReader(mapping, [.. Keys[change], .. alsoKnown], problems), problems));
        return problems.Messages.Count == 0 ? read : null;
    }

    private static BumpRequest Bump(ChangeFields fields) => new()
    {
        Application = fields.Name("application"),
        NewTag = fields.Tag("new_tag"),
        Environments = fields.Names("environments"),
        Build = fields.Label("build"),
        Commit = fields.Label("commit"),
        DryRun = fields.Flag("dryRun"),
    };

    private static RollbackRequest Rollback(ChangeFields fields) => new()
    {
        Application = fields.Name("application"),
        Environment = fields.Name("environment"),
        To = fields.Target("to"),
        Pin = fields.Flag("pin", byDefault: true),
        Reason = fields.Label("reason"),
        DryRun = fields.Flag("dryRun"),
    };
}
