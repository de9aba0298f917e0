using System.Text;
using Ebb.EtcdBackup.Sources;
using Ebb.EtcdBackup.Sources.Talos;

namespace Ebb.EtcdBackup.Tests.Sources;

public sealed class TalosConfigTests
{
    private static readonly string Pem = Convert.ToBase64String("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"u8);

    [Fact]
    public void Find_NoContextAsked_IsTheOneThatTheFileChooses()
    {
        var context = Find(Valid, null);

        (context.Name, context.Endpoints, context.Nodes).ShouldBe(("prod", context.Endpoints, context.Nodes));
        context.Endpoints.ShouldBe(["10.0.0.1", "10.0.0.2"]);
        context.Nodes.ShouldBe(["10.0.0.1"]);
        Encoding.ASCII.GetString(context.Key).ShouldStartWith("-----BEGIN");
    }

    [Fact]
    public void Find_ContextAsked_IsThatOne() => Find(Valid, "staging").Endpoints.ShouldBe(["10.1.0.1"]);

    [Fact]
    public void Find_ContextThatIsNotThere_SaysWhichAre() => Fault(Valid, "test").ShouldContain("no context 'test'; it has prod, staging");

    [Fact]
    public void Find_NoneChosen_SaysSo() => Fault(Valid.Replace("context: prod", "context: ''", StringComparison.Ordinal), null).ShouldContain("chooses no context");

    [Theory]
    [InlineData("ca: '@@@'", "ca is not base64")]
    [InlineData("ca: AAAA", "ca is base64 of something that is no PEM")]
    [InlineData("ca: ''", "ca is missing")]
    public void Find_BrokenCertificate_NamesTheKey(string line, string expected) =>
        Fault(Valid.Replace($"ca: {Pem}", line, StringComparison.Ordinal), null).ShouldContain(expected);

    [Fact]
    public void Find_EverythingMissing_NamesAllOfIt() =>
        Fault("context: x\ncontexts:\n  x: {}\n", null).ShouldContain("ca is missing; crt is missing; key is missing; endpoints names no control plane");

    [Theory]
    [InlineData("")]
    [InlineData("- a\n")]
    [InlineData("just text")]
    [InlineData("contexts: [")]
    [InlineData("a: &x b\nc: *x\n")]
    public void Find_NoTalosconfig_SaysSo(string yaml) => Fault(yaml, null).ShouldContain("cannot be used");

    [Fact]
    public async Task Find_FileWithByteOrderMark_IsReadFromItsFirstKey()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "\uFEFF" + Valid, TestContext.Current.CancellationToken);
            TalosConfig.Find(await CredentialFile.ReadAsync("TalosConfig", path, TestContext.Current.CancellationToken), path, null).Name.ShouldBe("prod");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Find_BrokenKey_IsNotShown()
    {
        var secret = "c2VjcmV0IHRoYXQgbXVzdCBub3QgYmUgc2hvd24";

        Fault(Valid.Replace($"key: {Pem}", $"key: \"{secret}*\"", StringComparison.Ordinal), null).ShouldNotContain(secret[..10]);
        Fault($"context: prod\n\tkey: {secret}\n", null).ShouldNotContain(secret[..10]);
    }

    private static string Valid => $"""
        context: prod
        contexts:
          prod:
            endpoints: [10.0.0.1, 10.0.0.2]
            nodes:
              - 10.0.0.1
            ca: {Pem}
            crt: {Pem}
            key: {Pem}
          staging:
            endpoints: [10.1.0.1]
            ca: {Pem}
            crt: {Pem}
            key: {Pem}
        """;

    private static TalosContext Find(string yaml, string? name) => TalosConfig.Find(Encoding.UTF8.GetBytes(yaml), "/talosconfig", name);

    private static string Fault(string yaml, string? name)
    {
        var error = Should.Throw<SnapshotException>(() => Find(yaml, name));
        error.Failure.ShouldBe(SnapshotFailure.ConfigurationFile);
        return error.Message;
    }
}
