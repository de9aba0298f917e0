namespace Ebb.SimulatedKeda;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    public const string Usage = """
        Ebb.SimulatedKeda --cluster <file.json> --scaled-objects <file or folder> [--faster <factor>] [--logs <folder>] [--json]

        Follows ScaledObjects as KEDA 2.20 does, with processes in place of pods, until SIGTERM.
          --cluster         {"deployments": {"<name>": {"command": […], "environment": {…}, "directory": …,
                            "readiness": "/healthz/ready", "terminationGracePeriodSeconds": 30, "replicas": 0}}}
                            {pod} and {port} are filled in; Deployments without a ScaledObject keep their replicas
          --scaled-objects  YAML or JSON; of several documents the ScaledObjects, and of Deployments the grace period
          --faster          divides all intervals, those of the manifests too; default 1
          --logs            gets a file for each pod; default ./pods
          --json            one JSON object a line instead of text
        """;

    public required string ClusterFile { get; init; }

    public required string ScaledObjects { get; init; }

    public double Faster { get; init; } = 1;

    public string Logs { get; init; } = "pods";

    public bool Json { get; init; }

    /// <exception cref="FormatException">The command line is wrong.</exception>
    public static Arguments Parse(string[] args)
    {
        var json = args.Contains("--json");
        var rest = args.Where(arg => arg != "--json").ToArray();
        if (rest.Length % 2 != 0)
            throw new FormatException($"'{rest[^1]}' has no value.");
        var values = rest.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        foreach (var unknown in values.Keys.Except(["--cluster", "--scaled-objects", "--faster", "--logs"]))
            throw new FormatException($"There is no option '{unknown}'.");
        return new Arguments
        {
            ClusterFile = Required(values, "--cluster"),
            ScaledObjects = Required(values, "--scaled-objects"),
            Faster = double.Parse(values.GetValueOrDefault("--faster", "1")),
            Logs = values.GetValueOrDefault("--logs", "pods"),
            Json = json,
        };
    }

    private static string Required(Dictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var value) ? value : throw new FormatException($"{name} is missing.");
}
