using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.PullRequests;

namespace Ebb.Webhooks.Tests.Git;

/// <summary>The worker's side of the message.</summary>
public sealed class EventReaderTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var read = Read(Json(), out var problems);
        problems.ShouldBeEmpty();
        JsonSerializer.Serialize(read, ContractsJson.Default.PullRequestEvent).ShouldBe(JsonSerializer.Serialize(Event(), ContractsJson.Default.PullRequestEvent));
        read!.Key.ShouldBe("on-site/11/7");
    }

    [Theory]
    [InlineData("unknown", "1", "unknown")]
    [InlineData("number", "0", "number")]
    [InlineData("number", "\"7\"", "number")]
    [InlineData("host", "\"gogs\"", "host")]
    [InlineData("headSha", "\"abc\"", "commit")]
    [InlineData("sourceBranch", "\"a\\nb\"", "sourceBranch")]
    [InlineData("cloneUrl", "\"file:///etc\"", "cloneUrl")]
    [InlineData("cloneUrl", "\"https://user:pw@x/y.git\"", "cloneUrl")]
    [InlineData("repository", "{\"id\":\"../x\",\"fullName\":\"a/b\"}", "repository")]
    [InlineData("repository", "{\"id\":\"1\",\"fullName\":\"a/../b\"}", "repository")]
    [InlineData("labelsAdded", "[\"\"]", "labelsAdded")]
    [InlineData("title", null, "title")]
    public void Read_OneThingWrong_IsNamed(string member, string? value, string named)
    {
        var json = Json();
        json.Remove(member);
        if (value is not null)
        {
            json[member] = JsonNode.Parse(value);
        }

        Read(json, out var problems).ShouldBeNull();
        problems.ShouldHaveSingleItem().ShouldContain(named, Case.Insensitive);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Read_NoEvent_IsAProblem(string? json)
    {
        var problems = new ListProblems();
        PullRequestEventReader.Read(json, problems).ShouldBeNull();
        problems.Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public void Read_TooLong_IsAProblem()
    {
        var problems = new ListProblems();
        PullRequestEventReader.Read(new string(' ', PullRequestEventReader.MaxLength + 1), problems).ShouldBeNull();
        problems.Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public void Names_OfAllProducts_AreThoseOfTheJson() => GitHostNames.All.ShouldBe(
        Enum.GetValues<GitHostKind>().Select(kind => Event() with { Host = kind })
            .Select(read => JsonNode.Parse(JsonSerializer.Serialize(read, ContractsJson.Default.PullRequestEvent))!["host"]!.GetValue<string>()));

    private static PullRequestEvent? Read(JsonObject json, out IReadOnlyList<string> problems)
    {
        var found = new ListProblems();
        var read = PullRequestEventReader.Read(json.ToJsonString(), found);
        problems = found.Messages;
        return read;
    }

    [Theory]
    [InlineData(null, "labels: must be a list; [] where there are none")]
    [InlineData(101, "labels: are 101; at most 100 are taken")]
    public void Read_Labels_AbsenceIsNoExcess(int? count, string expected)
    {
        var json = Json();
        json["labels"] = count is { } labels ? new JsonArray([.. Enumerable.Range(0, labels).Select(i => (JsonNode?)$"l{i}")]) : null;
        var problems = new ListProblems();

        PullRequestEventReader.Read(json.ToJsonString(), problems).ShouldBeNull();

        problems.Messages.ShouldBe([expected]);
    }

    private static JsonObject Json() => JsonNode.Parse(JsonSerializer.Serialize(Event(), ContractsJson.Default.PullRequestEvent))!.AsObject();

    private static PullRequestEvent Event() => new()
    {
        Host = GitHostKind.GitLab,
        Server = "on-site",
        Hook = "shop",
        DeliveryId = "d-1",
        ReceivedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Action = PullRequestAction.Pushed,
        State = PullRequestState.Open,
        Number = 7,
        Title = "A change",
        Author = "ada",
        SourceBranch = "preview/shop/basket",
        TargetBranch = "main",
        HeadSha = CommitSha.Parse("ec26c3e57ca3a959ca5aad62de7213c562f8c821"),
        IsFork = false,
        Labels = ["bug"],
        Repository = new GitRepository { Id = "11", FullName = "ours/web/shop" },
        CloneUrl = new Uri("https://gitlab.example.com/ours/web/shop.git"),
    };
}
