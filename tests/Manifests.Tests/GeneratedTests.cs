using Ebb.Manifests.Tests.Schemas;
using Ebb.Worker;

namespace Ebb.Manifests.Tests;

public sealed class GeneratedTests
{
    private static string Golden => Path.Combine(Repository.Root, "tests/Manifests.Tests/Golden");

    [Fact]
    public async Task SampleApp_Files_AreTheGoldenOnes()
    {
        var files = AppManifests.Of([Planned.Apps([new SampleApp()], Planned.HostJson)[0]]);
        if (Environment.GetEnvironmentVariable("EBB_WRITE_GOLDEN") == "1")
        {
            await files.WriteAsync(Golden, TestContext.Current.CancellationToken);
        }

        (await files.CompareAsync(Golden, TestContext.Current.CancellationToken)).ShouldBeEmpty("EBB_WRITE_GOLDEN=1 writes them anew; read the difference before you commit it");
    }

    [Fact]
    public async Task Committed_Files_AreWhatTheFunctionsSay()
    {
        var files = AppManifests.Of(Planned.Apps(Planned.Product, Repository.Read("host.json")));
        (await files.CompareAsync(Path.Combine(Repository.Root, "keda/generated"), TestContext.Current.CancellationToken))
            .ShouldBeEmpty("./dev manifests writes them anew");
    }

    [Fact]
    public void SampleApp_Rabbit_HasATriggerWithItsOwnCredentials()
    {
        var files = Planned.Files([new SampleApp()], Planned.HostJson, ("RabbitMQ:Host", "rabbitmq.rabbitmq.svc"));
        var triggers = files.Document("sample-backup/scaled-object.yaml")["spec"]!["triggers"]!.AsArray();
        triggers.Count.ShouldBe(3);
        triggers[1]!["type"]!.GetValue<string>().ShouldBe("rabbitmq");
        triggers[1]!["metadata"]!["queueName"]!.GetValue<string>().ShouldBe("orders");
        triggers[2]!["metadata"]!["queueName"]!.GetValue<string>().ShouldBe("orders-retry");
        triggers[1]!["authenticationRef"]!["name"]!.GetValue<string>().ShouldBe("sample-backup-rabbitmq");
        var schemas = new SchemaIndex(Repository.Crds);
        foreach (var file in new[] { "scaled-object.yaml", "rabbitmq-trigger-authentication.yaml" })
        {
            schemas.Problems(new KubeObject(files.Document($"sample-backup/{file}").AsObject())).ShouldBeEmpty();
        }

        files["sample-backup/network-policy.yaml"].ShouldContain("port: 5671");
        files.Document("sample-backup/deployment.yaml").Environment()["RabbitMQ__PasswordFile"].ShouldBe("/run/secrets/ebb/rabbitmq/password");

        // Who sends may ask for what the scopes say; the keys beside them are not the worker's.
        var keys = files.Document("sample-backup/deployment.yaml")["spec"]!["template"]!["spec"]!["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == "ebb-function-keys")!;
        keys["secret"]!["items"]!.ToJsonString().ShouldBe("""[{"key":"scopes.json","path":"scopes.json"}]""");
        keys["secret"]!["optional"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("00:10:00", 630, "00:10:00", 260)]
    [InlineData("00:01:00", 90, "00:01:00", 90)]
    [InlineData("-1", 4 * 3600 + 30, "04:00:00", 260)]
    public void TerminationGrace_FunctionTimeout_CoversTheDrainAndTheHandBack(string timeout, int worker, string grace, int door)
    {
        var files = Planned.Files(Planned.Product, $$"""{ "version": "2.0", "functionTimeout": "{{timeout}}" }""");
        var deployment = files.Document("image-mirror/deployment.yaml");
        deployment["spec"]!["template"]!["spec"]!["terminationGracePeriodSeconds"]!.GetValue<long>().ShouldBe(worker);
        deployment.Environment()["Shutdown__Grace"].ShouldBe(grace);
        files.Document("webhooks/deployment.yaml")["spec"]!["template"]!["spec"]!["terminationGracePeriodSeconds"]!.GetValue<long>().ShouldBe(door);
    }

    [Fact]
    public void ScaledObject_ScheduleAndZoneOverridden_AgreesWithThePod()
    {
        var files = Planned.Files(Planned.Product, Planned.HostJson, ("ImageMirror:Schedule", "0 */5 * * * *"), ("WEBSITE_TIME_ZONE", "Europe/Berlin"));
        var metadata = files.Document("image-mirror/scaled-object.yaml")["spec"]!["triggers"]![0]!["metadata"]!;
        metadata["timers"]!.GetValue<string>().ShouldBe("MirrorOnSchedule=0 */5 * * * *");
        metadata["timeZone"]!.GetValue<string>().ShouldBe("Europe/Berlin");
        var environment = files.Document("image-mirror/deployment.yaml").Environment();
        environment["ImageMirror__Schedule"].ShouldBe("0 */5 * * * *");
        environment["WEBSITE_TIME_ZONE"].ShouldBe("Europe/Berlin");
        files.Document("webhooks/deployment.yaml").Environment().Keys.ShouldNotContain("ImageMirror__Schedule");
    }

    [Theory]
    [InlineData("", "RefreshOnSchedule=0 */10 * * * *")]
    [InlineData("https://vault-0.vault-internal:8200", "RefreshOnSchedule=0 */10 * * * *;UnsealVaultOnSchedule=0 * * * * *")]
    public void ScaledObject_TimerThatRests_WakesNobody(string members, string timers) =>
        Planned.Files(Planned.Product, Planned.HostJson, ("Vault:Address", "https://vault.vault.svc:8200"), ("UnsealVault:Members", members)).Document("secret-bump/scaled-object.yaml")["spec"]!["triggers"]![0]!["metadata"]!["timers"]!
            .GetValue<string>().ShouldBe(timers);

    [Fact]
    public void ScaledObject_EveryTimerAndQueueOfTheApp_IsInItsMetadata()
    {
        var files = Planned.Files([.. Planned.Product, new SampleApp()], Planned.HostJson, [.. Configured.Settings, ("UnsealVault:Members", "https://vault-0.vault-internal:8200")]);
        foreach (var app in Planned.Product.Append(new SampleApp()))
        {
            var queues = app.Functions.Select(function => function.Trigger).OfType<QueueTriggerDefinition>().Select(queue => queue.QueueName).ToList();
            var timers = app.Functions.Where(function => function.Trigger is TimerTriggerDefinition).Select(function => function.Name).ToList();
            var path = $"{PlannedApp.NameOf(app.Name)}/scaled-object.yaml";
            files.ContainsKey(path).ShouldBe(queues.Count + timers.Count > 0, app.Name);
            if (queues.Count + timers.Count > 0)
            {
                var metadata = files.Document(path)["spec"]!["triggers"]![0]!["metadata"]!;
                metadata["queues"]!.GetValue<string>().Split(',').ShouldBe(queues, ignoreOrder: true);
                metadata["timers"]!.GetValue<string>().Split(';').Select(timer => timer.Split('=')[0]).ShouldBe(timers, ignoreOrder: true);
            }
        }

        files.Document("sample-backup/scaled-object.yaml")["spec"]!["triggers"]![0]!["metadata"]!["timers"]!.GetValue<string>()
            .ShouldBe("BackupOnSchedule=0 30 2 * * *;Verify=06:00:00");
    }

    [Fact]
    public void App_TurnedOff_IsInNoManifestNorIsWhatItNeeds()
    {
        var files = Planned.Files(Planned.Product, Planned.HostJson);
        files.Keys.Select(path => path.Split('/')[0]).Distinct().ShouldBe(["ebb", "image-mirror", "kustomization.yaml", "storage", "webhooks"], ignoreOrder: true);
        files.Document("kustomization.yaml")["resources"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["webhooks", "image-mirror", "storage"]);
        files.Keys.Where(path => path.Contains("-role", StringComparison.Ordinal) || path.Contains("admission", StringComparison.Ordinal)).ShouldBeEmpty();
        files["ebb/deployment.yaml"].ShouldSatisfyAllConditions(
            text => text.ShouldContain("automountServiceAccountToken: false"),
            text => text.ShouldNotContain("ebb-git-hosts"), text => text.ShouldNotContain("ebb-object-store"), text => text.ShouldNotContain("ebb-import"));
        // The door's pod does not see why.
        files["webhooks/deployment.yaml"].ShouldSatisfyAllConditions(
            text => text.ShouldContain("AzureWebJobs__EtcdSnapshotsTake__Disabled"), text => text.ShouldNotContain("AzureWebJobs__ImagesMirror__Disabled"));
        files["ebb/deployment.yaml"].ShouldNotContain("AzureWebJobs");
        files["webhooks/ingress.yaml"].ShouldSatisfyAllConditions(text => text.ShouldContain("/api/images/mirror"), text => text.ShouldNotContain("/api/etcd"));
        files["storage/roles.json"].ShouldNotContain("etcd-snapshots");
    }

    [Theory]
    [InlineData("EtcdBackup:Source", "etcd", "etcd-backup")]
    [InlineData("Vault:Address", "https://vault.vault.svc:8200", "secret-bump")]
    [InlineData("UnsealVault:Members", "https://vault-0.vault-internal:8200", "secret-bump")]
    public void App_TurnedOnByASetting_IsInTheManifests(string key, string value, string app) =>
        Planned.Files(Planned.Product, Planned.HostJson, (key, value)).Document("kustomization.yaml")["resources"]!.AsArray()
            .Select(name => name!.GetValue<string>()).ShouldBe(["webhooks", "image-mirror", app, "storage"]);

    [Fact]
    public void PrPreview_TurnedOnWithoutWhatItNeeds_SaysAllThatIsMissing() =>
        Should.Throw<HostStartException>(() => Planned.Files(Planned.Product, Planned.HostJson, ("PrPreview:Domain", "preview.example.com"))).Problems.ShouldSatisfyAllConditions(
            problems => problems.ShouldContain(problem => problem.StartsWith("PrPreview:Image is not set", StringComparison.Ordinal)),
            problems => problems.ShouldContain(problem => problem.StartsWith("PrPreview:ChartRepository is not set", StringComparison.Ordinal)),
            problems => problems.ShouldContain(problem => problem.StartsWith("PrPreview:ChartVersion is not set", StringComparison.Ordinal)));

    [Fact]
    public void SecretBump_AnyNamespace_WantsThemListedAndGetsRightsInThoseOnly()
    {
        (string, string)[] any = [("Vault:Address", "https://vault.vault.svc:8200"), ("SecretBump:Namespace", "{application}")];
        Should.Throw<HostStartException>(() => Planned.Files(Planned.Product, Planned.HostJson, any)).Problems.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(problem => problem.ShouldContain("'{application}', which can be any namespace"), problem => problem.ShouldContain("List in SecretBump:Namespaces"));
        Should.Throw<HostStartException>(() => Planned.Files(Planned.Product, Planned.HostJson, [.. any, ("SecretBump:Namespaces", "shop, *")])).Problems
            .ShouldHaveSingleItem().ShouldContain("holds '*'");
        var files = Planned.Files(Planned.Product, Planned.HostJson, [.. any, ("SecretBump:Namespaces", "shop, shop-2")]);
        files.Keys.Where(path => path.EndsWith("role.yaml", StringComparison.Ordinal) && path.StartsWith("secret-bump", StringComparison.Ordinal))
            .ShouldBe(["secret-bump/cluster-role.yaml", "secret-bump/shop-2-role.yaml", "secret-bump/shop-role.yaml"]);
        files["secret-bump/cluster-role.yaml"].ShouldNotContain("- secrets");
    }

    [Fact]
    public void PrPreview_WithoutASecretToPullWith_HasNoRightOnSecrets() =>
        AppManifests.Of(Planned.Apps(Planned.Product, Planned.HostJson, [.. Configured.Settings.Where(setting => setting.Key != "PrPreview:PullSecret")]))
            .All["pr-preview/cluster-role.yaml"].ShouldNotContain("- secrets");

    [Fact]
    public void ImageMirror_KeyInVault_NeedsVaultAndATokenInsteadOfTheKeyFile()
    {
        var files = Planned.Files(Planned.Product, Planned.HostJson, ("Signing:Key", "hashivault://platform"), ("Vault:Address", "https://vault.vault.svc:8200"));
        var deployment = files["image-mirror/deployment.yaml"];
        deployment.ShouldNotContain("ebb-signing");
        deployment.ShouldContain("automountServiceAccountToken: true");
        files["image-mirror/network-policy.yaml"].ShouldContain("port: 8200");
        files["webhooks/network-policy.yaml"].ShouldNotContain("port: 8200");
    }

    [Fact]
    public void EtcdBackup_SourceEtcd_NeedsEtcdAndItsCertificatesInsteadOfTalos()
    {
        var files = Planned.Files(Planned.Product, Planned.HostJson, ("EtcdBackup:Source", "etcd"));
        var environment = files.Document("etcd-backup/deployment.yaml").Environment();
        environment["EtcdBackup__CertificateFile"].ShouldBe("/run/secrets/ebb/etcd/tls.crt");
        environment.Keys.ShouldNotContain("EtcdBackup__TalosConfig");
        files["etcd-backup/network-policy.yaml"].ShouldContain("port: 2379");
        files["etcd-backup/network-policy.yaml"].ShouldNotContain("port: 50000");
    }

    [Theory]
    [InlineData("http://10.0.0.1:2379,http://10.0.0.2:2379", null, "")]
    [InlineData("http://10.0.0.1:2379", "root", "PasswordFile")]
    [InlineData("https://10.0.0.1:2379", null, "CaFile CertificateFile KeyFile")]
    [InlineData("https://10.0.0.1:2379", "root", "CaFile PasswordFile")]
    [InlineData("http://10.0.0.1:2379,https://10.0.0.2:2379", null, "CaFile CertificateFile KeyFile")]
    [InlineData(null, null, "CaFile CertificateFile KeyFile")]
    public void EtcdBackup_SourceEtcd_NamesTheFilesThatItsEndpointsNeedAndNoOthers(string? endpoints, string? user, string files)
    {
        var settings = new[] { ("EtcdBackup:Source", "etcd"), ("EtcdBackup:Endpoints", endpoints), ("EtcdBackup:User", user) }.Where(setting => setting.Item2 is not null);
        var generated = Planned.Files(Planned.Product, Planned.HostJson, [.. settings.Select(setting => (setting.Item1, setting.Item2!))]);

        var named = generated.Document("etcd-backup/deployment.yaml").Environment().Where(entry => entry.Value.StartsWith("/run/secrets/ebb/etcd/", StringComparison.Ordinal));

        named.Select(entry => entry.Key).Order().ShouldBe(files.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(file => $"EtcdBackup__{file}"));
        generated["etcd-backup/deployment.yaml"].Contains("secretName: ebb-etcd\n", StringComparison.Ordinal).ShouldBe(files.Length > 0);
    }

    [Theory]
    [InlineData("talos")]
    [InlineData("etcd")]
    public void EtcdBackup_Drills_FindTheirIdentityInASecretOfTheirOwnThatMayBeMissing(string source)
    {
        var deployment = Planned.Files(Planned.Product, Planned.HostJson, ("EtcdBackup:Source", source)).Document("etcd-backup/deployment.yaml");

        deployment.Environment()["EtcdBackup__AgeIdentityFile"].ShouldBe("/run/secrets/ebb/etcd-drill/identity");
        var secret = deployment["spec"]!["template"]!["spec"]!["volumes"]!.AsArray().Single(volume => volume!["name"]!.GetValue<string>() == "ebb-etcd-drill")!["secret"]!;
        (secret["secretName"]!.GetValue<string>(), secret["optional"]!.GetValue<bool>()).ShouldBe(("ebb-etcd-drill", true));
    }

    [Fact]
    public void Plan_SeveralMistakes_NamesAllOfThem() =>
        Should.Throw<HostStartException>(() => Planned.Apps(
            Planned.Product, Planned.HostJson, ("ImageMirror:Schedule", "never"), ("Vault:Token", "x"), ("Manifests:Egress:Vault", "vault:8200"), ("Manifests:Lead", "5"),
            ("Manifests:Storage", "postgres://ebb:hunter2@db/ebb"))).Problems.ShouldSatisfyAllConditions(
            problems => problems.Count.ShouldBe(5),
            problems => problems.ShouldContain(problem => problem.Contains("'never' is no schedule", StringComparison.Ordinal)),
            problems => problems.ShouldContain(problem => problem.StartsWith("Vault:Token is a secret", StringComparison.Ordinal)),
            problems => problems.ShouldContain(problem => problem.StartsWith("Manifests:Egress:Vault holds 'vault:8200'", StringComparison.Ordinal)),
            problems => problems.ShouldContain(problem => problem.StartsWith("Manifests:Lead is '5'", StringComparison.Ordinal)),
            problems => problems.ShouldContain(problem => problem.StartsWith("Manifests:Storage holds a URL with a password", StringComparison.Ordinal)),
            problems => problems.ShouldAllBe(problem => !problem.Contains("hunter2", StringComparison.Ordinal)));

    [Fact]
    public void Ingress_EverythingTurnedOn_HasTheFunctionsPathsAndTheRunsAndNoAdmin() =>
        IngressPaths("webhooks", Configured.Settings).ShouldBe(
        [
            "/api/apps", "/api/etcd/drills", "/api/etcd/snapshots", "/api/git", "/api/images/mirror", "/api/previews", "/api/runs",
            "/api/secrets/approve", "/api/secrets/bump", "/api/secrets/import", "/api/secrets/pin", "/api/secrets/rollback", "/api/secrets/unpin",
        ]);

    // What is accepted and taken by nobody would wait for ever.
    [Theory]
    [InlineData("webhooks")]
    [InlineData("ebb")]
    public void Ingress_NothingTurnedOn_AcceptsNothingForAppsThatAreNotThere(string app) => IngressPaths(app).ShouldBe(["/api/images/mirror", "/api/runs"]);

    private static IEnumerable<string> IngressPaths(string app, params (string, string)[] settings) =>
        Planned.Files(Planned.Product, Planned.HostJson, settings).Document($"{app}/ingress.yaml")["spec"]!["rules"]![0]!["http"]!["paths"]!.AsArray()
            .Select(path => path!["path"]!.GetValue<string>());
}
