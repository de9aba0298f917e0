namespace Ebb.Settings.Tests;

public sealed class SecretFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ebb-secret-file-");

    [Fact]
    public void ReadLine_Token_IsWithoutTheWhiteSpaceAroundIt() => Line(" token \r\n").ShouldBe("token");

    [Fact]
    public void ReadPassword_Password_KeepsItsBlanks() => SecretFile.ReadPassword(Write(" pass word \r\n"), "A:File", Fault).ShouldBe(" pass word ");

    [Theory]
    [InlineData(" \n", "is empty or holds more than one line")]
    [InlineData("geheim\ngeheimer", "is empty or holds more than one line")]
    [InlineData(null, "cannot be read")]
    public void ReadLine_Unusable_NamesSettingAndFileAndNotTheContent(string? content, string problem)
    {
        var error = Should.Throw<InvalidDataException>(() => Line(content));
        error.Message.ShouldStartWith($"A:File: the file {_directory.FullName}/secret {problem}");
        error.ToString().ShouldNotContain("geheim");
    }

    [Fact]
    public void ReadLine_LongFile_IsNotRead() => Should.Throw<InvalidDataException>(() => Line(new string('x', SecretFile.MaxBytes + 1))).Message.ShouldContain("more than 65536 bytes");

    public void Dispose() => _directory.Delete(recursive: true);

    private static InvalidDataException Fault(string message, Exception? cause) => new(message, cause);

    private string Line(string? content) => SecretFile.ReadLine(Write(content), "A:File", Fault);

    private string Write(string? content)
    {
        var path = Path.Combine(_directory.FullName, "secret");
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        return path;
    }
}
