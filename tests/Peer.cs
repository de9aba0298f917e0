using System.Diagnostics.CodeAnalysis;

namespace Ebb.Tests;

/// <summary>
/// The real systems and programs that tests run against, in every test project. One that is missing skips the test, and fails it where
/// <c>EBB_REQUIRE_PEERS=1</c>, as <c>./dev test</c> has it.
/// </summary>
internal static class Peer
{
    /// <summary>Goes on where it is there.</summary>
    public static void Require([DoesNotReturnIf(false)] bool isHere, string missing)
    {
        if (!isHere && Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS") == "1")
        {
            throw new InvalidOperationException(missing);
        }

        Assert.SkipUnless(isHere, missing);
    }

    /// <summary>A server that was started if it is installed.</summary>
    public static T Of<T>(T? server, string missing)
        where T : class
    {
        Require(server is not null, missing);
        return server;
    }

    /// <summary>A program: where the variable says, else on the PATH or in <c>/usr/sbin</c>, else in one of the other places.</summary>
    public static string Program(string name, string variable, params IEnumerable<string> otherPlaces)
    {
        var found = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named
            ? named
            : $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin".Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).Concat(otherPlaces)
                .FirstOrDefault(File.Exists);
        Require(found is not null && File.Exists(found), $"{name} is not here: put it on the PATH or set {variable}; './dev test' does it.");
        return found;
    }
}
