using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Microsoft.Extensions.Configuration;

namespace Ebb.GitHosts.Tests;

public sealed class OptionsTests
{
    private static readonly string File = typeof(OptionsTests).Assembly.Location;

    [Fact]
    public void From_Sections_TakeKindAndAddressFromTheirName()
    {
        var (options, problems) = Read(
            ("github:TokenFile", File), ("on-site:Kind", "gitlab"), ("on-site:Address", "https://gitlab.example.com/git/"), ("on-site:TokenFile", File), ("on-site:Account", "bot"),
            ("azure-devops:Address", "https://dev.azure.com/ours"), ("azure-devops:Entra:ClientId", "c"));

        problems.ShouldBeEmpty();
        options.Select(host => (host.Name, host.Kind, host.Address.AbsoluteUri)).ShouldBe(
        [
            ("azure-devops", GitHostKind.AzureDevOps, "https://dev.azure.com/ours"),
            ("github", GitHostKind.GitHub, "https://api.github.com/"),
            ("on-site", GitHostKind.GitLab, "https://gitlab.example.com/git/"),
        ], ignoreOrder: true);
    }

    [Fact]
    public void From_ManyMistakes_AllAreNamedAtOnce()
    {
        var (options, problems) = Read(
            ("one:Kind", "gogs"), ("gitea:TokenFile", "/nowhere/token"), ("gitlab:Address", "http://gitlab.example.com"), ("gitlab:PlainHttp", "perhaps"),
            ("forgejo:Address", "https://user:hunter2@git.example.com"), ("bitbucket-cloud:Address", "https://api.bitbucket.org"),
            ("github:TokenFile", File), ("github:Entra:ClientId", "c"),
            ("azure-devops:Address", "https://dev.azure.com/ours"), ("azure-devops:Entra:SecretFile", File), ("azure-devops:Entra:FederatedTokenFile", File));

        options.ShouldBeEmpty();
        problems.Order().ShouldBe(new[]
        {
            "Git:Hosts:azure-devops:Entra:SecretFile and FederatedTokenFile are set. Keep one.",
            "Git:Hosts:azure-devops:Entra:TenantId or ClientId is not set. Set both to those of the application.",
            "Git:Hosts:bitbucket-cloud needs one login: set TokenFile to a file with a token.",
            "Git:Hosts:forgejo:Address is no such URL; write a URL such as https://git.example.com (no user, query or fragment).",
            "Git:Hosts:gitea:Address is not set; write a URL such as https://git.example.com.",
            "Git:Hosts:gitea:TokenFile is '/nowhere/token', which does not exist; mount a file with a token there or correct the path.",
            "Git:Hosts:github:Entra is set; only azure-devops takes such a login. Set TokenFile.",
            "Git:Hosts:gitlab:Address 'http://gitlab.example.com' would send everything unencrypted; use https, or set Git:Hosts:gitlab:PlainHttp to true.",
            "Git:Hosts:gitlab:PlainHttp is 'perhaps'; write true or false.",
            "Git:Hosts:one:Kind is 'gogs'; write one of github, gitlab, gitea, forgejo, bitbucket-cloud, bitbucket-server, azure-devops.",
        }.Order());
        string.Concat(problems).ShouldNotContain("hunter2");
    }

    private static (IReadOnlyList<GitHostOptions> Options, List<string> Problems) Read(params (string Key, string Value)[] settings)
    {
        var problems = new List<string>();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Git:Hosts:{setting.Key}", (string?)setting.Value))).Build();
        return (GitHostsOptions.From(configuration, problems), problems);
    }
}
