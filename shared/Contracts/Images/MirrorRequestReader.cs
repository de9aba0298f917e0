namespace Ebb.Contracts.Images;

/// <summary>Reads mirror requests from JSON, at the door and from the queue, and reports every problem at once.</summary>
public static class MirrorRequestReader
{
    /// <summary>The greatest length of a request in UTF-8 bytes: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly string[] Keys = ["images", "dryRun"];

    /// <summary>Reads a request; empty JSON, <c>null</c> and <c>{}</c> mean the configured list. Null when there is any problem.</summary>
    public static MirrorRequest? Read(string? json, ListProblems problems)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return new MirrorRequest();
        }

        return JsonRequest.Parse(json, MaxBytes, problems) switch
        {
            null => null,
            ListScalar { Text: null } => new MirrorRequest(),
            { } root => Read(root, problems),
        };
    }

    private static MirrorRequest? Read(ListNode root, ListProblems problems)
    {
        if (root is not ListMapping mapping)
        {
            problems.Add(JsonRequest.Root, "must be an object such as {\"images\":[{\"source\":\"docker.io/library/alpine\",\"tags\":[\"3.21\"]}]}");
            return null;
        }

        if (mapping.Entries.FirstOrDefault(entry => entry.Key == "target") is { } target)
        {
            problems.Add(target.Location, "the target is the configured one and cannot be asked for");
            mapping = mapping with { Entries = [.. mapping.Entries.Where(entry => entry.Key != "target")] };
        }

        var reader = new MappingReader(mapping, Keys, problems);
        var images = reader.Node("images") is { } node and not ListScalar { Text: null }
            ? ImageListReader.ReadImages(node, problems)
            : null;
        var dryRun = reader.Flag("dryRun");
        return problems.Messages.Count == 0 ? new MirrorRequest { Images = images, DryRun = dryRun } : null;
    }
}
