using System.Diagnostics;

namespace Ebb.Manifests.Tests;

/// <summary>The checkout, the programs that judge it, and the public data beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Kubectl => Peer.Program("kubectl", "EBB_KUBECTL", Path.Combine(Root, ".cache/tools/bin/kubectl"));

    public static string Promtool => Peer.Program("promtool", "EBB_PROMTOOL", Path.Combine(Root, ".cache/tools/bin/promtool"));

    public static string Node => Peer.Program("node", "EBB_NODE", Path.Combine(Root, ".cache/tools/bin/node"));

    /// <summary>The node_modules with an evaluator of CEL, @bufbuild/cel.</summary>
    public static string CelModules
    {
        get
        {
            var places = new[] { Environment.GetEnvironmentVariable("EBB_CEL"), Path.Combine(Root, ".cache/npm/@bufbuild/cel-0.6.1/node_modules") };
            return Array.Find(places, place => Directory.Exists(place) && Directory.Exists(Path.Combine(place, "@bufbuild/cel")))
                ?? Missing("@bufbuild/cel is not here; ./dev test installs it from npm and sets EBB_CEL.");
        }
    }

    /// <summary>Debian's own Python: it has Debian's modules.</summary>
    public static string Python
    {
        get
        {
            const string client = "/usr/lib/python3/dist-packages/kubernetes/__init__.py";
            return File.Exists(client) ? Peer.Program("python3", "EBB_PYTHON", Path.Combine(Root, ".cache/tools/bin/python3")) : Missing($"{client} is not there; ./dev test installs python3-kubernetes.");
        }
    }

    /// <summary>The public copies of CRDs; the test is skipped where they are not.</summary>
    public static string Crds
    {
        get
        {
            var path = Path.GetFullPath(Path.Combine(Root, "../shared/data/crds"));
            if (!Directory.Exists(path))
            {
                Assert.Skip($"{path} is not there; it holds public copies of the CRDs that are no part of this repository.");
            }

            return path;
        }
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, string? input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static string Missing(string message)
    {
        Peer.Require(false, message);
        return "";
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Functions.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Functions.sln.");
    }
}
