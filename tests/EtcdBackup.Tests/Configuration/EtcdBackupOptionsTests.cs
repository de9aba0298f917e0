using Ebb.Age;
using Ebb.EtcdBackup.Configuration;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup.Tests.Configuration;

public sealed class EtcdBackupOptionsTests
{
    private const string Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    [Fact]
    public void Read_Nothing_IsNoProblem()
    {
        var problems = new List<string>();

        Read([], problems).Source.ShouldBeNull();

        problems.ShouldBeEmpty();
    }

    [Fact]
    public void Read_StoreWithoutSource_IsAProblem() =>
        Problems(("EtcdBackup:Store", "file:///backups")).ShouldHaveSingleItem().ShouldContain("EtcdBackup:Source is not set; write etcd or talos");

    [Fact]
    public void Read_VariablesOfTalosBackup_AreTaken()
    {
        var problems = new List<string>();
        var options = Read(
            [("EtcdBackup:Source", "talos"), ("CLUSTER_NAME", "prod"), ("BUCKET", "backups"), ("S3_PREFIX", "etcd/prod"), ("CUSTOM_S3_ENDPOINT", "s3.example.com:9000"),
             ("AWS_REGION", "eu-central-1"), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AGE_X25519_PUBLIC_KEY", Recipient),
             ("ENABLE_COMPRESSION", "true"), ("DISABLE_ENCRYPTION", "false")],
            problems);

        problems.ShouldBeEmpty();
        (options.Cluster, options.Store.Url, options.Store.Endpoint, options.Store.Region, options.KeyPrefix, options.Compress)
            .ShouldBe(("prod", "s3://backups/etcd/prod", "https://s3.example.com:9000", "eu-central-1", "", true));
        options.AgeRecipients.ShouldHaveSingleItem().ToString().ShouldBe(Recipient);
    }

    [Theory]
    [InlineData("s3://backups", "prod/")]
    [InlineData("s3://backups/", "prod/")]
    [InlineData("s3://backups/here", "")]
    [InlineData("file:///backups", "")]
    public void Read_Store_HasTheClustersNameBeforeKeysOnlyInABareBucket(string url, string expected) =>
        Read([("EtcdBackup:Source", "talos"), ("EtcdBackup:Cluster", "prod"), ("EtcdBackup:Store", url)], []).KeyPrefix.ShouldBe(expected);

    [Theory]
    [InlineData("etcd", "s3://backups/etcd", null)]
    [InlineData("etcd/", "s3://backups/etcd", "s3://backups/etcd//")]
    [InlineData("etcd/prod//", "s3://backups/etcd/prod", "s3://backups/etcd/prod///")]
    [InlineData("/etcd/", "s3://backups/etcd", null)]
    [InlineData("/", "s3://backups", null)]
    [InlineData(null, "s3://backups", null)]
    public void Read_PrefixWithSlashes_IsAlsoReadWhereTalosBackupStored(string? prefix, string url, string? verbatim)
    {
        var problems = new List<string>();
        var options = Read(
            [("EtcdBackup:Source", "talos"), ("CLUSTER_NAME", "prod"), ("BUCKET", "backups"), ("S3_PREFIX", prefix ?? ""), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AGE_X25519_PUBLIC_KEY", Recipient)],
            problems);

        problems.ShouldBeEmpty();
        (options.Store.Url, options.VerbatimStore?.Url).ShouldBe((url, verbatim));
    }

    [Fact]
    public void Read_ManyMistakes_NamesAllOfThem()
    {
        var problems = Problems(
            ("EtcdBackup:Source", "etcd"), ("EtcdBackup:Cluster", "a/b"), ("EtcdBackup:Store", "ftp://x"), ("EtcdBackup:Endpoints", "https://10.0.0.1:2379, 10.0.0.2"),
            ("EtcdBackup:CertificateFile", "/tls.crt"), ("EtcdBackup:User", "root"), ("EtcdBackup:Keep:Daily", "0"), ("EtcdBackup:ProgressTimeout", "5"), ("EtcdBackup:Compress", "yes"));

        foreach (var key in new[] { "Cluster", "Store", "Endpoints", "CaFile", "KeyFile", "PasswordFile", "Keep:Daily", "ProgressTimeout", "Compress", "AgeRecipients" })
        {
            problems.ShouldContain(problem => problem.StartsWith($"EtcdBackup:{key} ", StringComparison.Ordinal), key);
        }

        problems.Count.ShouldBe(10);
    }

    [Theory]
    [InlineData("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q", "checksum")]
    [InlineData("age1qL3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "case")]
    [InlineData("age1", "age recipient")]
    public void Read_RecipientThatIsNone_SaysWhy(string recipient, string why) =>
        Problems(("EtcdBackup:Source", "talos"), ("EtcdBackup:Cluster", "prod"), ("EtcdBackup:Store", "file:///b"), ("EtcdBackup:AgeRecipients", $"{Recipient},{recipient}"))
            .ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                problem => problem.ShouldStartWith("EtcdBackup:AgeRecipients cannot be used, entry 2: "), problem => problem.ShouldContain(why), problem => problem.ShouldNotContain("not set"), problem => problem.ShouldNotContain(".."));

    [Fact]
    public void Read_IdentityInsteadOfRecipient_IsRefusedAndNotShown()
    {
        using var identity = AgeIdentity.Generate();
        var secret = identity.ExportSecret();

        var problem = Problems(("EtcdBackup:Source", "talos"), ("EtcdBackup:Cluster", "prod"), ("EtcdBackup:Store", "file:///b"), ("EtcdBackup:AgeRecipients", secret)).ShouldHaveSingleItem();

        problem.ShouldContain("identity");
        problem.ShouldNotContain(secret[20..40]);
    }

    [Theory]
    [InlineData("EtcdBackup:AgeRecipients", ",")]
    [InlineData("EtcdBackup:AgeRecipients:0", "")]
    [InlineData("AGE_X25519_PUBLIC_KEY", " , ")]
    public void Read_RecipientsThatHoldNone_AreNotSet(string key, string value) =>
        Problems(("EtcdBackup:Source", "talos"), ("EtcdBackup:Cluster", "prod"), ("EtcdBackup:Store", "file:///b"), (key, value))
            .ShouldHaveSingleItem().ShouldStartWith("EtcdBackup:AgeRecipients is not set");

    [Theory]
    [InlineData("EtcdBackup:Endpoints", ",")]
    [InlineData("EtcdBackup:Endpoints:0", "")]
    public void Read_EndpointsThatHoldNone_AreNotSet(string key, string value) =>
        Problems(("EtcdBackup:Source", "etcd"), ("EtcdBackup:Cluster", "prod"), ("EtcdBackup:Store", "file:///b"), ("EtcdBackup:AgeRecipients", Recipient), (key, value))
            .ShouldHaveSingleItem().ShouldStartWith("EtcdBackup:Endpoints is not set");

    [Fact]
    public void Read_RecipientsAndDisableEncryption_ExcludeEachOther() =>
        Problems(("EtcdBackup:Source", "talos"), ("EtcdBackup:Cluster", "prod"), ("EtcdBackup:Store", "file:///b"), ("EtcdBackup:AgeRecipients", Recipient), ("EtcdBackup:DisableEncryption", "true"))
            .ShouldHaveSingleItem().ShouldContain("keep one of the two");

    [Fact]
    public void Read_PasswordInAnEndpoint_IsRefusedAndNotShown() =>
        Problems(("EtcdBackup:Source", "etcd"), ("EtcdBackup:Cluster", "prod"), ("EtcdBackup:Store", "file:///b"), ("EtcdBackup:AgeRecipients", Recipient), ("EtcdBackup:Endpoints", "http://root:hunter2@10.0.0.1:2379"))
            .ShouldHaveSingleItem().ShouldNotContain("hunter2");

    private static List<string> Problems(params (string Key, string Value)[] settings)
    {
        var problems = new List<string>();
        Read(settings, problems);
        return problems;
    }

    private static EtcdBackupOptions Read(IEnumerable<(string Key, string Value)> settings, ICollection<string> problems) =>
        EtcdBackupOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build(), problems);
}
