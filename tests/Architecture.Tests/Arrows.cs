namespace Ebb.Architecture.Tests;

/// <summary>Which project may reference which. An arrow that is not here is a decision to take, not a line to add in passing.</summary>
internal static class Arrows
{
    private static readonly Dictionary<string, string[]> Shared = new(StringComparer.Ordinal)
    {
        ["shared/Contracts"] = [],
        ["shared/Settings"] = [],
        ["shared/Storage"] = ["shared/Contracts", "shared/Settings"],
        ["shared/Schedules"] = [],
        ["shared/Worker"] = ["shared/Storage", "shared/Schedules", "shared/Http"],
        ["shared/Worker.Builder"] = ["shared/Worker"],
        ["shared/RabbitMQ"] = ["shared/Worker"],
        ["shared/Worker.Generators"] = [],
        ["shared/Http"] = [],
        ["shared/OpenSsl"] = [],
        ["shared/Age"] = ["shared/OpenSsl"],
        ["shared/Oci"] = ["shared/Http", "shared/Settings"],
        ["shared/Vault"] = ["shared/Http", "shared/Settings"],
        ["shared/Kubernetes"] = ["shared/Http"],
        ["shared/ObjectStore"] = ["shared/Http", "shared/Settings"],
        ["shared/GitHosts"] = ["shared/Http", "shared/Contracts", "shared/Settings"],
        ["shared/Signing"] = ["shared/Oci", "shared/Vault"],
        ["keda/Scaler"] = ["shared/Storage", "shared/Schedules", "shared/Http"],
        ["keda/Manifests"] = ["shared/Worker"],
    };

    private static readonly string[] ForFunctions =
    [
        "shared/Contracts", "shared/Worker", "shared/RabbitMQ", "shared/Worker.Generators", "shared/Age", "shared/Oci", "shared/Vault",
        "shared/OpenSsl", "shared/Kubernetes", "shared/ObjectStore", "shared/GitHosts", "shared/Signing",
    ];

    private const string Tests = ".Tests";

    public static IEnumerable<string> Violations(IEnumerable<ProjectFile> projects) =>
        projects.SelectMany(project => project.References
            .Where(reference => !IsAllowed(project, reference))
            .Select(reference => $"{project.Path} references {reference}: {Reason(project)}"));

    private static bool IsAllowed(ProjectFile project, string reference) => project.Folder switch
    {
        "tests" => IsAllowedInTests(project, reference),
        "functions" when project.Name is "AllInOne" or "Isolated" =>
            ForFunctions.Contains(reference) || reference == "keda/Manifests" || (IsIn("functions", reference) && reference != project.Id),
        "functions" => ForFunctions.Contains(reference),
        _ => Shared.TryGetValue(project.Id, out var allowed) && allowed.Contains(reference),
    };

    private static bool IsAllowedInTests(ProjectFile project, string reference) => project.Name switch
    {
        "TestServers" => false,
        "BareSlimHost" => false,
        _ => reference == "tests/TestServers" || !IsIn("tests", reference) || IsItsOwnHelper(project, reference),
    };

    // Storage.Tests may start Storage.CrashHost: a program that only its tests use.
    private static bool IsItsOwnHelper(ProjectFile project, string reference) =>
        project.Name.EndsWith(Tests, StringComparison.Ordinal)
        && !reference.EndsWith(Tests, StringComparison.Ordinal)
        && reference.StartsWith($"tests/{project.Name[..^Tests.Length]}.", StringComparison.Ordinal);

    private static string Reason(ProjectFile project) => project.Folder switch
    {
        "tests" => "the servers of the tests know no product project, and tests do not build on each other",
        "functions" => $"an app may reference {string.Join(", ", ForFunctions)}, and never another app (AllInOne and Isolated apart)",
        _ when Shared.TryGetValue(project.Id, out var allowed) =>
            allowed.Length == 0 ? "it may reference nothing" : $"it may reference only {string.Join(", ", allowed)}",
        _ => $"{project.Id} is not among the known projects in {nameof(Arrows)}.cs; state there what it may reference",
    };

    private static bool IsIn(string folder, string reference) => reference.StartsWith(folder + "/", StringComparison.Ordinal);
}
