using System.Net;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>Secrets that change while the door is open, and settings that are wrong.</summary>
public sealed class RotationTests(GitDoorFixture door) : IClassFixture<GitDoorFixture>
{
    [Fact]
    public async Task Rotation_BothSecretsHold_ThenTheNewOneOnly()
    {
        const string old = "the-secret-that-was-before", @new = "the-secret-that-comes-after";
        door.WriteSecret("github.current", old);
        await WaitUntilAsync(old, HttpStatusCode.Accepted);

        door.WriteSecret("github.previous", old);
        door.WriteSecret("github.current", @new);
        await WaitUntilAsync(@new, HttpStatusCode.Accepted);
        (await SendAsync(old)).ShouldBe(HttpStatusCode.Accepted);

        door.WriteSecret("github.previous", @new);
        await WaitUntilAsync(old, HttpStatusCode.Unauthorized);
        (await SendAsync(@new)).ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Start_WrongSettings_AllAreNamedAtOnce()
    {
        var exception = await Should.ThrowAsync<HostStartException>(() => FunctionHost.StartAsync(
            [
                "--urls=http://127.0.0.1:0", "--Git:Hooks:Bad_Name:Host=github", "--Git:Hooks:one:Host=gogs", "--Git:Hooks:two:Host=gitlab", "--Git:Hooks:two:Header=X-Secret",
                "--Git:Hooks:two:Server=Not a name", "--Git:Hooks:three:Host=gitea", "--Git:Hooks:three:Repositories:0=own*", "--Git:MaxBodyBytes=1", "--Git:ReplayWindow=2.00:00:00",
            ],
            [new WebhooksApp()], new HostEnvironment { WorkingDirectory = Path.GetTempPath() }, TestContext.Current.CancellationToken));

        foreach (var problem in new[]
        {
            "Git:Hooks:Bad_Name: a hook's name has 1 to 63 small letters, digits and hyphens.",
            "Git:Hooks:one:Host is 'gogs'; write one of github, gitlab, gitea, forgejo, bitbucket-cloud, bitbucket-server, azure-devops.",
            "Git:Hooks:two:Header is 'X-Secret'; only azure-devops takes one",
            "Git:Hooks:two:Server is 'Not a name'",
            "Git:Hooks:three:Repositories holds 'own*'; write owner/name, or owner/* for all below.",
            "Git:MaxBodyBytes is '1'; write a whole number from 65536 to 26214400.",
            "Git:ReplayWindow is '2.00:00:00'; write a duration as hh:mm:ss from 00:00:10 to 01:00:00.",
        })
        {
            exception.Message.ShouldContain(problem);
        }
    }

    [Fact]
    public void Needs_HooksConfigured_NameTheirSecret()
    {
        var none = new WebhooksApp().Needs(new ConfigurationBuilder().Build());
        var some = new WebhooksApp().Needs(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("Git:Hooks:ci:Host", "github")]).Build());

        none.Secrets.Select(need => need.Secret).ShouldBe(["ebb-function-keys"]);
        some.Secrets.Select(need => (need.Secret, need.Directory)).ShouldBe(
            [("ebb-function-keys", "/run/secrets/functions-keys"), ("ebb-webhooks", "/run/secrets/ebb/webhooks")]);
    }

    // Secrets are read again after a second; how long that takes on a busy machine is nobody's business.
    private async Task WaitUntilAsync(string secret, HttpStatusCode status)
    {
        while (await SendAsync(secret) != status)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private async Task<HttpStatusCode> SendAsync(string secret)
    {
        using var response = await door.SendAsync("github", "pull_request", OwnPayloads.GitHub().ToJsonString(), secret: secret);
        return response.StatusCode;
    }
}
