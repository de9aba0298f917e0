namespace Ebb.OpenSsl.Tests.Servers;

/// <summary>Programs that play the other side. One that is missing skips a test, and fails it where <c>EBB_REQUIRE_PEERS=1</c>.</summary>
internal static class Peers
{
    public static string OpenSsl => OnPath("openssl");

    public static string Nginx => OnPath("nginx");

    private static string OnPath(string name)
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin".Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            var message = $"{name} is not installed: apt-get install {name}. './dev test' does it.";
            (Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS") == "1").ShouldBeFalse(message);
            Assert.Skip(message);
        }

        return path;
    }
}
