namespace Ebb.EndToEnd.Tests;

/// <summary>The executables under test and the judge of their work. <c>./dev test</c> says where they are.</summary>
internal static class Peers
{
    /// <summary><c>ebb</c>, built just in time.</summary>
    public static string Ebb => Existing("EBB_EXECUTABLE", Path.Combine(Root, "artifacts/bin/AllInOne/debug/ebb"));

    /// <summary>The native ImageMirror.</summary>
    public static string NativeImageMirror =>
        Existing("EBB_NATIVE_IMAGEMIRROR", Path.Combine(Root, "artifacts/native/publish/ImageMirror/release/Ebb.ImageMirror"));

    public static string Cosign => Existing("EBB_COSIGN", Path.Combine(Root, ".cache/tools/bin/cosign"));

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

    private static string Existing(string variable, string fallback)
    {
        var path = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : fallback;
        if (!File.Exists(path))
        {
            var message = $"{path} does not exist; ./dev test makes it and sets {variable}.";
            if (Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS") == "1")
            {
                throw new InvalidOperationException(message);
            }

            Assert.Skip(message);
        }

        return path;
    }
}
