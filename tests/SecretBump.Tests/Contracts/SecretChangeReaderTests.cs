using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.Secrets;

namespace Ebb.SecretBump.Tests.Contracts;

public sealed class SecretChangeReaderTests
{
    [Fact]
    public void Read_Bump_TakesEverything()
    {
        var bump = Read("bump", """{"application":"shop","new_tag":"1.1.0-frontend-feature-pr","environments":["dev","prd"],"build":"17","commit":"abc","dryRun":true}""").ShouldBeOfType<BumpRequest>();

        (bump.Application, bump.NewTag, bump.Build, bump.Commit, bump.DryRun).ShouldBe(("shop", "1.1.0-frontend-feature-pr", "17", "abc", true));
        bump.Environments.ShouldBe(["dev", "prd"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Read_TagThatIsNone_IsNamed(string tag) =>
        Problems("bump", $$"""{"application":"shop","new_tag":{{JsonSerializer.Serialize(tag)}}}""").ShouldHaveSingleItem().ShouldStartWith("new_tag: ");

    [Fact]
    public void Read_TagOf300Characters_IsNamedAndCut() =>
        Problems("bump", $$"""{"application":"shop","new_tag":"{{new string('a', 300)}}"}""").ShouldHaveSingleItem().Length.ShouldBeLessThan(250);

    [Theory]
    [InlineData("../shop")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("shop/../../sys")]
    [InlineData("%2e%2e")]
    [InlineData("sh%2fop")]
    [InlineData("sh/op")]
    [InlineData("sh\\op")]
    [InlineData("shop\u0000")]
    [InlineData("shop\n")]
    [InlineData("shop?list=true")]
    [InlineData("-shop")]
    [InlineData("shop.")]
    public void Read_NameWithAPathTrick_IsRefused(string name)
    {
        var json = JsonSerializer.Serialize(name);
        Problems("bump", $$"""{"application":{{json}},"new_tag":"1"}""").ShouldHaveSingleItem().ShouldStartWith("application: ");
        Problems("bump", $$"""{"application":"shop","new_tag":"1","environments":[{{json}}]}""").ShouldHaveSingleItem().ShouldStartWith("environments[0]: ");
        Problems("rollback", $$"""{"application":"shop","environment":{{json}},"to":"1"}""").ShouldHaveSingleItem().ShouldStartWith("environment: ");
    }

    [Fact]
    public void Read_ManyMistakes_AreAllNamed() =>
        Problems("bump", """{"aplication":"shop","new_tag":"a/b","environments":["dev","dev",7],"build":"a\nb","dryRun":"yes"}""")
            .Select(problem => problem.Split(": ")[0]).ShouldBe(["aplication", "application", "new_tag", "environments[2]", "environments[1]", "build", "dryRun"], ignoreOrder: true);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"shop\"")]
    public void Read_NoObject_IsRefused(string json) => Problems("bump", json).ShouldHaveSingleItem().ShouldStartWith("request: ");

    [Theory]
    [InlineData("\"1.3.0\"", "1.3.0")]
    [InlineData("\"3\"", "3")]
    [InlineData("3", "3")]
    public void Read_Rollback_TakesTagOrVersionAndPinsByDefault(string to, string expected)
    {
        var rollback = Read("rollback", $$"""{"application":"shop","environment":"prd","to":{{to}}}""").ShouldBeOfType<RollbackRequest>();

        (rollback.To, rollback.Pin).ShouldBe((expected, true));
        Read("rollback", """{"application":"shop","environment":"prd","to":"1","pin":false}""").ShouldBeOfType<RollbackRequest>().Pin.ShouldBeFalse();
    }

    [Fact]
    public void ReadMessage_WhatWasSerialized_IsTheSame()
    {
        SecretChange[] changes =
        [
            new BumpRequest { Application = "shop", NewTag = "1", Environments = ["dev"], Build = "b", Commit = "c", DryRun = true },
            new RollbackRequest { Application = "shop", Environment = "prd", To = "1", Pin = false, Reason = "r" },
            new PinRequest { Application = "shop", Environment = "prd", Reason = "r" },
            new UnpinRequest { Application = "shop", Environment = "prd" },
            new ApproveRequest { Application = "shop", Environment = "prd", NewTag = "1" },
            new ImportRequest { Application = "shop", Sealed = "YWdl", DryRun = true },
        ];
        foreach (var change in changes)
        {
            var problems = new ListProblems();
            var json = JsonSerializer.Serialize(change, ContractsJson.Default.SecretChange);
            var read = SecretChangeReader.ReadMessage(json, problems);
            problems.Messages.ShouldBeEmpty();
            JsonSerializer.Serialize(read!, ContractsJson.Default.SecretChange).ShouldBe(json);
        }
    }

    [Fact]
    public void ReadMessage_WithoutChange_IsABump() =>
        SecretChangeReader.ReadMessage("""{"application":"shop","new_tag":"1"}""", new ListProblems()).ShouldBeOfType<BumpRequest>();

    [Theory]
    [InlineData("""{"change":"delete","application":"shop"}""")]
    [InlineData("""{"change":7,"application":"shop"}""")]
    public void ReadMessage_UnknownChange_IsNamed(string json)
    {
        var problems = new ListProblems();
        SecretChangeReader.ReadMessage(json, problems).ShouldBeNull();
        problems.Messages.ShouldHaveSingleItem().ShouldStartWith("change: ");
    }

    private static SecretChange? Read(string change, string json) => SecretChangeReader.Read(change, json, new ListProblems());

    private static IReadOnlyList<string> Problems(string change, string json)
    {
        var problems = new ListProblems();
        SecretChangeReader.Read(change, json, problems).ShouldBeNull();
        return problems.Messages;
    }
}
