namespace Ebb.Contracts.Images;

/// <summary>
/// Reads and checks the list of approved images. Reports every problem at once; reaches no network.
/// </summary>
public static class ImageListReader
{
    private const int MaxImages = 1000;

    private static readonly string[] FileKeys = ["target", "images"];

    /// <summary>Reads an images file; null when there is any problem.</summary>
    /// <param name="root">The file's content.</param>
    /// <param name="reserved">A path under the target that no entry may write into; null for none.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static ImageList? ReadFile(ListNode root, string? reserved, ListProblems problems)
    {
        if (root is not ListMapping mapping)
        {
            problems.Add(root.Location, "the file must hold the keys target and images");
            return null;
        }

        var reader = new MappingReader(mapping, FileKeys, problems);
        var target = reader.Text("target");
        if (target is not null && !SourceName.IsTarget(target))
        {
            problems.Add(reader.LocationOf("target"), $"target {Quoted.Show(target)} must be a registry and path such as harbor.example.com/library");
        }

        if (reader.Node("images") is not { } images)
        {
            problems.Add(root.Location, "the key images is missing; it lists what to mirror");
            return null;
        }

        var read = ReadImages(images, reserved, problems);
        return problems.Messages.Count == 0 ? new ImageList(target, read) : null;
    }

    private static List<MirrorImage> ReadImages(ListNode node, string? reserved, ListProblems problems)
    {
        if (node is not ListSequence { Items.Count: > 0 and <= MaxImages } sequence)
        {
            problems.Add(node.Location, $"images must be a list of 1 to {MaxImages} entries, each with a source");
            return [];
        }

        var images = new List<MirrorImage>();
        var targets = new Dictionary<string, string>();
        foreach (var item in sequence.Items)
        {
            if (item is not ListMapping mapping)
            {
                problems.Add(item.Location, "an image is written with keys, such as source: docker.io/library/alpine");
                continue;
            }

            if (new ImageEntryReader(mapping, reserved, problems).Read(targets) is { } image)
            {
                images.Add(image);
            }
        }

        return images;
    }
}
