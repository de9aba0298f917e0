using Ebb.Worker;

namespace Ebb.Manifests.Tests;

/// <summary>infra/docs/settings.md is what the code reads. With EBB_WRITE_GOLDEN=1 it is written.</summary>
public sealed class SettingsPageTests
{
    [Fact]
    public async Task Reference_OfTheProduct_IsThePageThatIsCommitted()
    {
        var file = Path.Combine(Repository.Root, "infra/docs/settings.md");
        var directory = Directory.CreateTempSubdirectory("ebb-settings-");
        var output = new StringWriter();
        var code = await FunctionHost.RunAsync(["settings", "--reference"], Planned.Product, new HostEnvironment { WorkingDirectory = directory.FullName, Output = output });
        directory.Delete(recursive: true);

        code.ShouldBe(0);
        if (Environment.GetEnvironmentVariable("EBB_WRITE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, output.ToString(), TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(output.ToString());
    }
}
