using Ebb.Benchmarks.Processes;

namespace Ebb.Benchmarks.Mirror;

/// <summary>Ebb, and its peers as people script them: one image after another, and four at once.</summary>
internal static class Contenders
{
    private const string Crane = "crane copy --insecure \"$0/$2:$3\" \"$1/$2:$3\"";

    private const string Skopeo =
        "skopeo copy --insecure-policy --quiet --all --preserve-digests --src-tls-verify=false --dest-tls-verify=false \"docker://$0/$2:$3\" \"docker://$1/$2:$3\"";

    public static IReadOnlyList<Contender> All(ImageList images)
    {
        return
        [
            .. Settings.Executables("AllInOne", "ebb").SelectMany(ebb => new Contender[]
            {
                new($"ebb, {ebb.Kind}, signing", (source, target, home) => Ebb(ebb.File, images, source, target, home, Key())),
                new($"ebb, {ebb.Kind}", (source, target, home) => Ebb(ebb.File, images, source, target, home, [])),
            }),
            new("crane copy, in turn", (source, target, _) => Script(Crane, images, source, target, atOnce: 1)),
            new("crane copy, 4 at once", (source, target, _) => Script(Crane, images, source, target, atOnce: 4)),
            new("skopeo copy --all, in turn", (source, target, _) => Script(Skopeo, images, source, target, atOnce: 1)),
            new("skopeo copy --all, 4 at once", (source, target, _) => Script(Skopeo, images, source, target, atOnce: 4)),
        ];
    }

    private static Dictionary<string, string> Key() => new(StringComparer.Ordinal)
    {
        ["Signing__Key"] = Settings.Required("EBB_BENCH_KEY"),
        ["Signing__PasswordFile"] = Settings.Required("EBB_BENCH_PASSWORD_FILE"),
    };

    private static Command Ebb(string executable, ImageList images, string source, string target, string home, Dictionary<string, string> more)
    {
        var list = Path.Combine(home, "images.yaml");
        File.WriteAllText(list, images.ToYaml(source, target));
        return new Command(executable, ["run", "MirrorOnRequest"])
        {
            Environment = new Dictionary<string, string>(more, StringComparer.Ordinal)
            {
                ["Storage"] = $"sqlite:{Path.Combine(home, "storage")}/ebb.db",
                ["ImageMirror__ImagesFile"] = list,
            },
        };
    }

    private static Command Script(string copy, ImageList images, string source, string target, int atOnce)
    {
        var list = Path.Combine(Settings.Scratch, "list");
        File.WriteAllLines(list, images.Tags.Select(tag => $"{tag.Repository} {tag.Tag}"));
        return new Command("xargs", ["-a", list, "-P", $"{atOnce}", "-L", "1", "/bin/sh", "-c", copy, source, target]);
    }
}
