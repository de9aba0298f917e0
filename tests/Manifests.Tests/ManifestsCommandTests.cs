using Ebb.Worker;

namespace Ebb.Manifests.Tests;

public sealed class ManifestsCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Output => _directory.File("out");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Check_JustWritten_Succeeds()
    {
        (await RunAsync()).Code.ShouldBe(0);
        (await RunAsync("--check")).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(0), run => run.Error.ShouldBeEmpty());
    }

    [Fact]
    public async Task Check_ChangedMissingAndLeftOver_FailsAndNamesEach()
    {
        await RunAsync();
        var deployment = Path.Combine(Output, "webhooks/deployment.yaml");
        await File.WriteAllTextAsync(deployment, (await File.ReadAllTextAsync(deployment)).Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal));
        File.Delete(Path.Combine(Output, "image-mirror/host.json"));
        Directory.CreateDirectory(Path.Combine(Output, "gone"));
        File.Copy(deployment, Path.Combine(Output, "gone/deployment.yaml"));
        await File.WriteAllTextAsync(Path.Combine(Output, "mine.yaml"), "a: person's own\n");

        var (code, _, error) = await RunAsync("--check");
        code.ShouldBe(1);
        error.ShouldSatisfyAllConditions(
            text => text.ShouldContain("webhooks/deployment.yaml differs in line"),
            text => text.ShouldContain("image-mirror/host.json is missing"),
            text => text.ShouldContain("gone/deployment.yaml belongs to nothing any more"),
            text => text.ShouldNotContain("mine.yaml"),
            text => text.ShouldContain("./dev manifests"));

        await RunAsync();
        (await RunAsync("--check")).Code.ShouldBe(0);
        File.Exists(Path.Combine(Output, "mine.yaml")).ShouldBeTrue();
    }

    [Fact]
    public async Task Check_OtherSettingThanWritten_Fails()
    {
        await RunAsync();
        var (code, _, error) = await RunAsync("--check", "--ImageMirror:Schedule=0 0 4 * * *");
        code.ShouldBe(1);
        error.ShouldContain("image-mirror/scaled-object.yaml differs");
        error.ShouldContain("image-mirror/deployment.yaml differs");
        error.ShouldNotContain("webhooks/");
    }

    [Fact]
    public async Task Run_AppThatWasTurnedOff_LeavesNothingOfItAndSaysWhy()
    {
        await RunAsync("--EtcdBackup:Source=talos");
        File.Exists(Path.Combine(Output, "etcd-backup/host.json")).ShouldBeTrue();
        await File.WriteAllTextAsync(Path.Combine(Output, "host.json"), "{}");
        (await RunAsync()).Output.ShouldContain("etcd-backup is turned off: EtcdBackup:Source is not set");
        Directory.Exists(Path.Combine(Output, "etcd-backup")).ShouldBeFalse();
        File.Exists(Path.Combine(Output, "host.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task Run_RightThatNothingConfines_IsRefusedAndNothingIsWritten()
    {
        var (code, _, error) = await RunAsync([new SampleApp(confined: false)]);
        code.ShouldBe(2);
        error.ShouldContain("no ValidatingAdmissionPolicy judges its CREATE");
        Directory.Exists(Output).ShouldBeFalse();
    }

    [Fact]
    public async Task Settings_FromAFile_AreOverruledByTheCommandLine()
    {
        var file = _directory.File("settings.json");
        await File.WriteAllTextAsync(file, """{ "Manifests": { "Host": "chores.example.org", "Team": "core" } }""");
        (await RunAsync("--settings", file, "--Manifests:Team=other")).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(Path.Combine(Output, "webhooks/ingress.yaml"))).ShouldSatisfyAllConditions(
            text => text.ShouldContain("chores.example.org"), text => text.ShouldContain("app.kubernetes.io/team: other"));
    }

    [Fact]
    public async Task Settings_OfThisMachinesEnvironment_DoNotGetIn()
    {
        Environment.SetEnvironmentVariable("Manifests__Host", "from-the-environment.example");
        try
        {
            await RunAsync();
        }
        finally
        {
            Environment.SetEnvironmentVariable("Manifests__Host", null);
        }

        (await File.ReadAllTextAsync(Path.Combine(Output, "webhooks/ingress.yaml"))).ShouldNotContain("from-the-environment");
    }

    [Theory]
    [InlineData("--host-json", "none.json", "none.json cannot be read")]
    [InlineData("--settings", "none.json", "none.json cannot be read")]
    [InlineData("--ImageMirror:Schedule=never", "--check", "is no schedule")]
    public async Task Run_WrongInput_SaysSoAndExitsWithTwo(string first, string second, string message)
    {
        var (code, _, error) = await RunAsync(first, second);
        code.ShouldBe(2);
        error.ShouldContain(message);
        Directory.Exists(Output).ShouldBeFalse();
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(Planned.Product, arguments);

    private async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<IFunctionApp> apps, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var hostJson = _directory.File("host.json");
        await File.WriteAllTextAsync(hostJson, Planned.HostJson);
        string[] named = arguments.Contains("--host-json") ? [] : ["--host-json", hostJson];
        var code = await FunctionHost.RunAsync(
            ["manifests", "--output", Output, .. named, .. arguments], [.. apps, new ManifestsApp(apps)],
            new HostEnvironment { WorkingDirectory = _directory.Path, Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
