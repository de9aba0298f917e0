using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.ObjectStore.Tests;

public sealed class ObjectStoreOptionsTests
{
    private static ObjectStoreOptions From(params (string Key, string Value)[] settings) => ObjectStoreOptions.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build(), "EtcdBackup:Store");

    [Fact]
    public void From_StandardVariables_AreTaken()
    {
        var options = From(
            ("EtcdBackup:Store", "s3://backups/etcd"), ("AWS_ENDPOINT_URL_S3", "https://s3.example.com"), ("AWS_REGION", "eu-1"), ("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret"));

        options.ShouldSatisfyAllConditions(
            () => options.Endpoint.ShouldBe("https://s3.example.com"),
            () => options.Region.ShouldBe("eu-1"),
            () => options.AccessKey.ShouldBe("key"),
            () => ObjectStoreOptionsValidator.Validate(options).ShouldBeEmpty());
        options.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void From_FilesAndVariables_FilesCount()
    {
        var options = From(("EtcdBackup:Store", "s3://backups"), ("EtcdBackup:Store:AccessKeyFile", "/a"), ("EtcdBackup:Store:SecretKeyFile", "/b"), ("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret"));
        options.AccessKey.ShouldBeNull();
        options.SecretKey.ShouldBeNull();
    }

    [Fact]
    public void From_PlainHttpThatIsNeitherTrueNorFalse_IsShownAndNotTakenForTrue()
    {
        var problems = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("EtcdBackup:Store:PlainHttp", "yes")]).Build();
        ObjectStoreOptions.From(configuration, "EtcdBackup:Store", problems).PlainHttp.ShouldBeFalse();
        problems.ShouldHaveSingleItem().ShouldBe("EtcdBackup:Store:PlainHttp is 'yes'; write true or false.");
    }

    [Fact]
    public void Validate_ManyMistakes_NamesThemAll()
    {
        var options = From(
            ("EtcdBackup:Store", "s3://backups/etcd"), ("EtcdBackup:Store:Endpoint", "http://s3.example.com"), ("EtcdBackup:Store:CaFile", "/none.pem"), ("EtcdBackup:Store:Region", "no region"), ("AWS_ACCESS_KEY_ID", "key"));

        var problems = ObjectStoreOptionsValidator.Validate(options).ToList();

        problems.Count.ShouldBe(4, string.Join('\n', problems));
        problems.ShouldContain(problem => problem.Contains("EtcdBackup:Store:PlainHttp", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.Contains("/none.pem", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.Contains("no region", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.Contains("AWS_SECRET_ACCESS_KEY", StringComparison.Ordinal));
        Should.Throw<ArgumentException>(() => ObjectStores.Open(options, TimeProvider.System, NullLogger.Instance)).Message.ShouldContain(problems[3]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3://")]
    [InlineData("s3://ab")]
    [InlineData("s3://bucket/a//b")]
    [InlineData("s3://bucket/../b")]
    [InlineData("file://relative")]
    [InlineData("file:///a/../b")]
    [InlineData("https://bucket")]
    public void Validate_NoStore_SaysWhatOneIs(string url) =>
        ObjectStoreOptionsValidator.Validate(new ObjectStoreOptions { Url = url, Section = "EtcdBackup:Store" }).ShouldHaveSingleItem().ShouldContain("file:///directory");

    [Fact]
    public void Validate_CredentialsInTheUrl_AreNotRepeated()
    {
        var problem = ObjectStoreOptionsValidator.Validate(new ObjectStoreOptions { Url = "s3://key:secret@bucket" }).ShouldHaveSingleItem();
        problem.ShouldNotContain("secret@");
        problem.ShouldContain("AccessKeyFile");
    }

    [Theory]
    [InlineData("file:///var/backups")]
    [InlineData("file:///")]
    public void Validate_Directory_NeedsNoCredentials(string url) =>
        ObjectStoreOptionsValidator.Validate(new ObjectStoreOptions { Url = url }).ShouldBeEmpty();
}
