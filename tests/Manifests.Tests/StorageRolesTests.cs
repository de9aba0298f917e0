using System.Text.RegularExpressions;
using Ebb.Storage.Roles;

namespace Ebb.Manifests.Tests;

/// <summary>Who may do what in the database, and that each workload logs in as whom it is meant to.</summary>
public sealed partial class StorageRolesTests
{
    private static readonly IReadOnlyList<StorageRole> Roles = StorageRoles.Parse(Configured.Files().All["storage/roles.json"]);

    private static StorageRole Door => Roles.Single(role => role.Name == "ebb_webhooks");

    [Fact]
    public void Door_SendsAndShows_WhatWorkersTakeAndKeep()
    {
        Door.Takes.ShouldBeEmpty();
        Door.Writes.ShouldBeEmpty();
        Door.Sends.ShouldAllBe(queue => Roles.Any(role => role.Takes.Contains(queue)));
        Door.Reads.ShouldAllBe(read => Roles.Any(role => role.Writes.Any(write => read.StartsWith(write, StringComparison.Ordinal))));
    }

    [Fact]
    public void Door_Sends_EveryQueueThatItsSourceNames()
    {
        var constants = QueueConstant().Matches(Repository.Read("shared/Contracts/Queues.cs")).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["queue"].Value);
        var commands = Sources("shared/Contracts").ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        // A queue is named outright, or by the command that is accepted.
        var named = Sources("functions/Webhooks")
            .Where(file => Path.GetFileName(file) != "ClusterNeeds.cs")
            .Select(File.ReadAllText)
            .SelectMany(text => CommandUse().Matches(text).Select(match => commands[match.Groups["command"].Value]).Append(text))
            .SelectMany(text => QueueUse().Matches(text)).Select(match => constants[match.Groups["name"].Value]).Distinct().ToList();
        named.ShouldNotBeEmpty();
        Door.Sends.ShouldBe(named, ignoreOrder: true);
    }

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

    [Fact]
    public void Workers_Roles_SendToNobodyAndWatchNothing() =>
        Roles.Where(role => role.Takes.Count > 0).ShouldAllBe(role => role.Sends.Count == 0 && !role.Watches && role.Takes.Count >= role.Timers.Count);

    [Fact]
    public void Scaler_Role_OnlyReads() =>
        Roles.Single(role => role.Name == "ebb_scaler").ShouldSatisfyAllConditions(
            role => (role.Takes.Count + role.Sends.Count + role.Functions.Count + role.Timers.Count + role.Writes.Count).ShouldBe(0),
            role => role.Reads.ShouldBe(["gauges/"]));

    [Fact]
    public void Plan_TwoAppsThatKeepTheSameDocuments_IsRefused() =>
        Should.Throw<Worker.HostStartException>(() => Planned.Apps([.. Planned.Product, new SampleApp { Documents = ["secrets/shop/"] }], Planned.HostJson, Configured.Settings))
            .Message.ShouldContain("secrets/shop/ of ebb_sample_backup is also ebb_secret_bump's (secrets/)");

    [Fact]
    public void Plan_StorageOfAnotherOwner_NamesEachAppsUserAndLeavesThePortAlone()
    {
        var files = Planned.Files(Planned.Product, Planned.HostJson, ("Manifests:Storage", "postgres://work_queue@db.corp:6432/shared?pool=3"));
        files.Document("image-mirror/deployment.yaml").Environment()["Storage"].ShouldBe("postgres://work_queue_image_mirror@db.corp:6432/shared?pool=3");
        files.Document("storage/job.yaml").Environment()["Storage"].ShouldBe("postgres://work_queue@db.corp:6432/shared?pool=3");
    }

    [Fact]
    public async Task Standard_Workloads_LogInAsTheirOwnRoleAndOnlyTheMigrationAsTheOwner()
    {
        var documents = await Kustomization.BuildAsync($"{Configured.Prefix}infra/overlays/standard");
        var managed = documents.Single(document => document.Kind == "Cluster").Spec!["managed"]!["roles"]!.AsArray()
            .ToDictionary(role => role!["name"]!.GetValue<string>(), role => role!["passwordSecret"]!["name"]!.GetValue<string>());
        managed.Keys.ShouldBe(Roles.Select(role => role.Name), ignoreOrder: true);
        var users = documents.Where(document => document.Kind is "ExternalSecret" && document.Name.StartsWith("ebb-postgres-", StringComparison.Ordinal))
            .ToDictionary(document => document.Name, document => document.Spec!["target"]!["template"]!["data"]!["username"]!.GetValue<string>());
        users.ShouldBe(managed.ToDictionary(role => role.Value, role => role.Key), ignoreOrder: true);
        foreach (var workload in documents.Where(document => document.Kind is "Deployment" or "Job"))
        {
            var user = new Uri(workload.Containers.Single()["env"]!.AsArray().Single(entry => entry!["name"]!.GetValue<string>() == "Storage")!["value"]!.GetValue<string>()).UserInfo;
            var secrets = workload.Volumes.Select(volume => volume["secret"]?["secretName"]?.GetValue<string>()).OfType<string>().ToList();
            secrets.ShouldContain(workload.Kind == "Job" ? "ebb-postgres-app" : managed[user], workload.ToString());
            secrets.Count(secret => secret.StartsWith("ebb-postgres-", StringComparison.Ordinal)).ShouldBe(2, workload.ToString());
            user.ShouldBe(workload.Kind == "Job" ? "ebb" : $"ebb_{workload.Name.Replace("ebb-", "", StringComparison.Ordinal).Replace('-', '_')}");
        }
    }

    [GeneratedRegex("public const string (?<name>\\w+) = \"(?<queue>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex QueueConstant();

    [GeneratedRegex("[^.\\w]Queues\\.(?<name>\\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex QueueUse();

    [GeneratedRegex(@"\b(?<command>[A-Z]\w+)\.Command(?:Of)?\b", RegexOptions.ExplicitCapture)]
    private static partial Regex CommandUse();
}
