using Ebb.Oci.Harbor;
using Ebb.TestServers.Registry;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

/// <summary>Robot accounts of Harbor projects.</summary>
public sealed class HarborRobotTests
{
    [Fact]
    public async Task CreateFindDelete_Robot_IsThereOnceAndGone()
    {
        await using var registry = await HarborAsync();
        using var clients = Clients(registry, registry.Robots.Admin);
        var robots = clients.For(registry.Host).Harbor.Robots;

        var made = await robots.CreatePullerAsync("acme", "ebb-shop", "ours", 7, Token);
        made.Name.ShouldBe("robot$acme+ebb-shop");
        made.Secret.ShouldBe(registry.Robots.All.ShouldHaveSingleItem().Secret);
        $"{made}".ShouldNotContain(made.Secret);

        var found = await robots.FindAsync("acme", "ebb-shop", Token);
        found.ShouldBe(new HarborRobot(made.Id, made.Name, "ours"));
        (await robots.FindAsync("acme", "shop", Token)).ShouldBeNull();
        (await robots.FindAsync("library", "ebb-shop", Token)).ShouldBeNull();

        await robots.DeleteAsync(found!, Token);
        await robots.DeleteAsync(found!, Token);
        registry.Robots.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_NameIsTaken_SaysSo()
    {
        await using var registry = await HarborAsync();
        registry.Robots.Add("acme", "ebb-shop", "theirs");
        using var clients = Clients(registry, registry.Robots.Admin);

        var e = await Should.ThrowAsync<RegistryException>(() => clients.For(registry.Host).Harbor.Robots.CreatePullerAsync("acme", "ebb-shop", "ours", 7, Token));

        e.Message.ShouldContain("already exists");
        registry.Robots.All.ShouldHaveSingleItem().Description.ShouldBe("theirs");
    }

    [Fact]
    public async Task Create_AnswerIsNoRobot_SaysSoWithoutWhatWasAnswered()
    {
        await using var registry = await HarborAsync();
        registry.With(Fault.Instead("POST", "/robots", static context =>
        {
            context.Response.StatusCode = 201;
            return context.Response.Body.WriteAsync("""{"id":"x","secret":"Very5ecret"}"""u8.ToArray()).AsTask();
        }));
        using var clients = Clients(registry, registry.Robots.Admin);

        var e = await Should.ThrowAsync<RegistryException>(() => clients.For(registry.Host).Harbor.Robots.CreatePullerAsync("acme", "ebb-shop", "ours", 7, Token));

        e.Fault.ShouldBe(RegistryFault.Protocol);
        e.ToString().ShouldNotContain("Very5ecret");
    }

    [Theory]
    [InlineData(true, RegistryFault.Denied)]
    [InlineData(false, RegistryFault.Unauthorized)]
    public async Task Find_AccountMayNot_NamesTheRightItNeeds(bool known, RegistryFault fault)
    {
        await using var registry = await HarborAsync();
        using var clients = Clients(registry, known ? registry.Robots.Guest : ("nobody", "x"));

        var e = await Should.ThrowAsync<RegistryException>(() => clients.For(registry.Host).Harbor.Robots.FindAsync("acme", "ebb-shop", Token));

        e.Fault.ShouldBe(fault);
        e.Message.ShouldContain("administers the project");
    }

    [Fact]
    public async Task Find_ProjectMissing_IsItsOwnCause()
    {
        await using var registry = await HarborAsync();
        using var clients = Clients(registry, registry.Robots.Admin);

        var e = await Should.ThrowAsync<RegistryException>(() => clients.For(registry.Host).Harbor.Robots.FindAsync("nowhere", "x", Token));

        e.Fault.ShouldBe(RegistryFault.ProjectMissing);
        e.Cause.ShouldEndWith($"the project 'nowhere' does not exist in Harbor at {registry.Host}");
        e.Message.ShouldNotContain("ImageMirror");
    }

    private static Task<FaultyRegistry> HarborAsync() => FaultyRegistry.StartAsync(new RegistryBehaviour { HarborProjects = ["library", "acme"] });

    private static RegistryClients Clients(FaultyRegistry registry, (string Name, string Password) account) => new(
        Quick with { Registries = [new RegistryOptions { Host = registry.Host, Username = account.Name, Password = account.Password }] }, TimeProvider.System);
}
