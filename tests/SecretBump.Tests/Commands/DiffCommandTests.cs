using System.CommandLine;
using Ebb.SecretBump.Commands;
using Ebb.SecretBump.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Tests.Commands;

public sealed class DiffCommandTests
{
    [Fact]
    public async Task Diff_TwoEnvironments_ShowsKeysAndNoValue()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "1.4.0"), ("SAME", "value-one"), ("ONLY_DEV", "value-two"));
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", "prd"), ("METADATA_TAG", "1.3.0"), ("SAME", "value-one"), ("ONLY_PRD", "value-three"));

        var (code, output, _) = await RunAsync(bench, "diff", "shop", "dev", "prd");

        code.ShouldBe(0);
        output.ShouldBe("METADATA_TAG\tdiffers\nONLY_DEV\tonly in dev\nONLY_PRD\tonly in prd\nSAME\tsame\n");
    }

    [Fact]
    public async Task Diff_TwoVersions_AreTold()
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("A", "1"));
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("A", "2"));

        (await RunAsync(bench, "diff", "shop", "dev@1", "dev")).Output.ShouldBe("A\tdiffers\n");
    }

    [Theory]
    [InlineData("nowhere", "there is no such secret")]
    [InlineData("../dev", "letters, digits")]
    public async Task Diff_NoSuchSecret_Fails(string other, string expected)
    {
        await using var bench = await BumpBench.StartAsync();
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("A", "1"));

        var (code, _, error) = await RunAsync(bench, "diff", "shop", "dev", other);

        code.ShouldBe(1);
        error.ShouldContain(expected);
    }

    [Fact]
    public async Task Bump_NoDoor_SaysSo()
    {
        await using var bench = await BumpBench.StartAsync();

        var (code, _, error) = await RunAsync(bench, "bump", "shop", "1.4.0", "--url", "http://127.0.0.1:1");

        code.ShouldBe(1);
        error.ShouldContain("http://127.0.0.1:1 cannot be asked");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(BumpBench bench, params string[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Vault:Address"] = bench.Vault.Address,
            ["Vault:Token"] = bench.Vault.Tokens.Create(policies: ["read *"]).Value,
        }).Build();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new SecretsCommand(configuration).Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, BumpBench.Token);
        return (code, output.ToString(), error.ToString());
    }
}
