namespace Ebb.EndToEnd.Tests;

/// <summary>The executables under test and the judge of their work. <c>./dev test</c> says where they are.</summary>
internal static class Peers
{
    /// <summary><c>ebb</c>, built just in time.</summary>
    public static string Ebb => Existing("EBB_EXECUTABLE", Path.Combine(Root, "artifacts/bin/AllInOne/debug/ebb"));

    /// <summary>The native ImageMirror.</summary>
    public static string NativeImageMirror =>
        Existing("EBB_NATIVE_IMAGEMIRROR", Path.Combine(Root, "artifacts/native/publish/ImageMirror/release/Ebb.ImageMirror"));

    /// <summary>The same functions as a standard isolated worker of Azure Functions.</summary>
    public static string Isolated => Existing("EBB_ISOLATED", Path.Combine(Root, "artifacts/bin/Isolated/debug/Ebb.Isolated.dll"));

    public static string Cosign => Existing("EBB_COSIGN", Path.Combine(Root, ".cache/tools/bin/cosign"));

    /// <summary>The scaler for KEDA.</summary>
    public static string Scaler => Existing("EBB_SCALER", Path.Combine(Root, "artifacts/bin/Scaler/debug/Ebb.Scaler"));

    /// <summary>The function app of the worker's own tests.</summary>
    public static string SampleApp => Existing("EBB_SAMPLE_APP", Path.Combine(Root, "artifacts/bin/Worker.SampleApp/debug/Ebb.Worker.SampleApp"));

    /// <summary>The same, native.</summary>
    public static string NativeSampleApp =>
        Existing("EBB_NATIVE_SAMPLE_APP", Path.Combine(Root, "artifacts/native/publish/Worker.SampleApp/release/Ebb.Worker.SampleApp"));

    /// <summary>The library that gives a process a time of its own.</summary>
    public static string FakeTime =>
        Existing("EBB_FAKETIME", Path.Combine(Root, ".cache/tools/libfaketime-bookworm/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"));

    /// <summary>Debian's Python, which has python3-grpcio.</summary>
    public static string PythonWithGrpc => Existing("EBB_PYTHON", "/usr/bin/python3", "/usr/lib/python3/dist-packages/grpc");

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Functions.sln")))
            {
                directory = directory.Parent;
            }

            return directory?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Functions.sln.");
        }
    }

    private static string Existing(string variable, string fallback, string? library = null)
    {
        var path = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : fallback;
        var missing = !File.Exists(path) ? path : library is not null && !Directory.Exists(library) ? library : null;
        Peer.Require(missing is null, $"{missing} does not exist; ./dev test makes it and sets {variable}.");
        return path;
    }
}
