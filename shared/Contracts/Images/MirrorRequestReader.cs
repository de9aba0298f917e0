namespace Ebb.Contracts.Images;

/// <summary>
/// Reads mirror requests from JSON, at the door and from queues, and reports every problem at once. Whether the list approves what is
/// selected is for the worker to say, who has the list.
/// </summary>
public static class MirrorRequestReader
{
    /// <summary>The greatest length of a request in UTF-8 bytes: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxImages = 1000;
    private const string Example = "{\"images\":[{\"name\":\"alpine\",\"tags\":[\"3.21\"]}]}";

    private static readonly string[] Keys = ["images", "adhoc", "dryRun"];

    /// <summary>
    /// Reads a request; empty JSON, <c>null</c> and <c>{}</c> mean the configured list. Null when there is any problem;
    /// <see cref="ListProblems.IsMalformed"/> when it is no JSON.
    /// </summary>
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
            problems.Add(JsonRequest.Root, $"must be an object such as {Example}");
            return null;
        }

        if (mapping.Entries.FirstOrDefault(entry => entry.Key == "target") is { } target)
        {
            problems.Add(target.Location, "the target is the configured one and cannot be asked for");
            mapping = mapping with { Entries = [.. mapping.Entries.Where(entry => entry.Key != "target")] };
        }

        var reader = new MappingReader(mapping, Keys, problems);
        var asked = new AskedImageReader(problems);
        var request = new MirrorRequest
        {
            Images = ReadAll("images", reader, asked.Selection, problems),
            Adhoc = ReadAll("adhoc", reader, asked.Adhoc, problems),
            DryRun = reader.Flag("dryRun"),
        };
        if (request is { Images: not null, Adhoc: not null })
        {
            problems.Add(reader.LocationOf("adhoc"), "images and adhoc exclude each other; send two requests");
        }

        return problems.Messages.Count == 0 ? request : null;
    }

    private static List<T>? ReadAll<T>(string key, MappingReader reader, Func<ListMapping, T?> read, ListProblems problems)
        where T : class
    {
        if (reader.Node(key) is null or ListScalar { Text: null })
        {
            return null;
        }

        if (reader.Node(key) is not ListSequence { Items.Count: > 0 and <= MaxImages } sequence)
        {
            problems.Add(reader.LocationOf(key), $"{key} must be a list of 1 to {MaxImages} images");
            return null;
        }

        foreach (var item in sequence.Items.Where(item => item is not ListMapping))
        {
            problems.Add(item.Location, $"an image is an object, as in {Example}");
        }

        return [.. sequence.Items.OfType<ListMapping>().Select(read).OfType<T>()];
    }
}
