using System.Text.Json.Nodes;

namespace Ebb.Manifests.Tests.Rights;

/// <summary>The worker of previews may write what a preview is made of, and nothing that gives it more.</summary>
public sealed class PreviewAdmissionTests
{
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["Namespace"] = "namespaces",
        ["ResourceQuota"] = "resourcequotas",
        ["LimitRange"] = "limitranges",
        ["NetworkPolicy"] = "networkpolicies.networking.k8s.io",
        ["Secret"] = "secrets",
        ["Application"] = "applications.argoproj.io",
    };

    // What `ebb preview render` prints; PrPreview.Tests holds it against the code.
    private static IReadOnlyList<JsonObject> Rendered { get; } =
        [.. JsonNode.Parse(Repository.Read("tests/PrPreview.Tests/Golden/preview.json"))!["items"]!.AsArray().Select(item => item!.AsObject())];

    [Theory]
    [InlineData("pr-preview")]
    [InlineData("ebb")]
    public async Task Preview_FromItsCreationToItsEnd_IsAdmitted(string account)
    {
        var writes = Rendered.SelectMany(item => Life(account, item)).ToList();
        writes.Count.ShouldBeGreaterThan(16);
        var refused = await Admission.JudgeAsync(writes);
        writes.Zip(refused).Where(pair => pair.Second.Count > 0).Select(pair => $"{pair.First.Operation} {pair.First.Kind}: {string.Join(' ', pair.Second)}").ShouldBeEmpty();
    }

    [Fact]
    public async Task Others_AreNotJudged() =>
        (await Admission.JudgeAsync(new Write("image-mirror", "CREATE", "secrets", Changed("Secret", "type", "\"kubernetes.io/service-account-token\"")))).ShouldHaveSingleItem().ShouldBeEmpty();

    [Theory]
    [InlineData("Secret", "type", "\"kubernetes.io/service-account-token\"", "of the type kubernetes.io/dockerconfigjson")]
    [InlineData("Secret", "type", "\"Opaque\"", "of the type kubernetes.io/dockerconfigjson")]
    [InlineData("Secret", "type", null, "of the type kubernetes.io/dockerconfigjson")]
    [InlineData("Secret", "data", """{".dockerconfigjson":"e30=","token":"eA=="}""", "and nothing else")]
    [InlineData("Secret", "data", null, "and nothing else")]
    [InlineData("Secret", "metadata.name", "\"shop-env\"", "Of this kind a preview has only preview-pull")]
    [InlineData("Secret", "metadata.namespace", "\"kube-system\"", "only in the namespaces of previews")]
    [InlineData("Secret", "metadata.namespace", "\"shop-pr-7x\"", "only in the namespaces of previews")]
    [InlineData("Secret", "metadata.namespace", "\"shop-pr-07\"", "only in the namespaces of previews")]
    [InlineData("Secret", "metadata.annotations", """{"replicator.v1.mittwald.de/replicate-from":"kube-system/registry"}""", "no other annotations")]
    [InlineData("Secret", "metadata.ownerReferences", """[{"apiVersion":"v1","kind":"ConfigMap","name":"gone","uid":"1"}]""", "gives no owners")]
    [InlineData("ResourceQuota", "spec.hard.pods", "\"50\"", "the same in every preview")]
    [InlineData("ResourceQuota", "spec.hard.services~loadbalancers", null, "the same in every preview")]
    [InlineData("ResourceQuota", "spec.scopes", "[\"BestEffort\"]", "the same in every preview")]
    [InlineData("LimitRange", "spec.limits", "[]", "the same in every preview")]
    [InlineData("NetworkPolicy", "spec.egress", "[{}]", "the same in every preview")]
    [InlineData("NetworkPolicy", "spec.podSelector", """{"matchLabels":{"no":"pod"}}""", "the same in every preview")]
    [InlineData("NetworkPolicy", "metadata.ownerReferences", """[{"apiVersion":"v1","kind":"ConfigMap","name":"gone","uid":"1"}]""", "gives no owners")]
    [InlineData("ResourceQuota", "metadata.namespace", "\"shop\"", "only in the namespaces of previews")]
    [InlineData("ResourceQuota", "metadata.name", "\"team\"", "Of this kind a preview has only preview")]
    [InlineData("LimitRange", "metadata.namespace", "\"shop\"", "only in the namespaces of previews")]
    [InlineData("NetworkPolicy", "metadata.namespace", "\"vault\"", "only in the namespaces of previews")]
    [InlineData("NetworkPolicy", "metadata.name", "\"allow-all\"", "Of this kind a preview has only")]
    [InlineData("Namespace", "metadata.name", "\"kube-system\"", "named <app>-pr-<number>")]
    [InlineData("Namespace", "metadata.name", "\"shop-pr-7.evil\"", "named <app>-pr-<number>")]
    [InlineData("Namespace", "metadata.name", "\"a123456789-123456789-123456789-123456789-123456789-pr-7\"", "named <app>-pr-<number>")]
    [InlineData("Namespace", "metadata.annotations", "{}", "and the annotation ebb/pull-request")]
    [InlineData("Namespace", "metadata.labels.managed-by", null, "have the labels")]
    [InlineData("Namespace", "metadata.labels.managed-by", "\"nobody\"", "have the labels")]
    [InlineData("Namespace", "metadata.labels.pod-security~kubernetes~io/enforce", "\"privileged\"", "have the labels")]
    [InlineData("Namespace", "metadata.labels.pod-security~kubernetes~io/enforce", null, "have the labels")]
    [InlineData("Namespace", "metadata.labels.pod-security~kubernetes~io/enforce-version", "\"v1.0\"", "sets no other labels")]
    [InlineData("Namespace", "metadata.labels.access", "\"database\"", "sets no other labels")]
    [InlineData("Namespace", "metadata.labels", null, "have the labels")]
    [InlineData("Namespace", "metadata.annotations.scheduler~alpha~kubernetes~io/node-selector", "\"node=control-plane\"", "no other annotations")]
    [InlineData("Namespace", "metadata.finalizers", "[\"example.com/never\"]", "no other finalizers")]
    [InlineData("Application", "metadata.annotations.argocd-image-updater~argoproj~io/write-back-method", "\"git:secret:argocd/repository\"", "no other annotations")]
    [InlineData("Application", "metadata.labels.example~com/shard", "\"1\"", "no other labels")]
    [InlineData("Application", "metadata.finalizers", "[\"example.com/never\"]", "no other finalizers")]
    [InlineData("Application", "status", """{"operationState":{"phase":"Running","operation":{"sync":{"manifests":["{}"]}}}}""", "nothing of the status")]
    [InlineData("Application", "metadata.name", "\"argocd-itself\"", "named <app>-pr-<number>")]
    [InlineData("Application", "metadata.labels", "{}", "carry the label")]
    [InlineData("Application", "spec.project", "\"default\"", "in the project previews")]
    [InlineData("Application", "spec.destination.namespace", "\"kube-system\"", "the namespace of its own name")]
    [InlineData("Application", "spec.destination.namespace", "\"other-pr-8\"", "the namespace of its own name")]
    [InlineData("Application", "spec.destination.server", "\"https://production.example.com\"", "A preview goes to https://kubernetes.default.svc")]
    [InlineData("Application", "spec.destination.name", "\"in-cluster\"", "A preview goes to")]
    [InlineData("Application", "spec.source.repoURL", "\"https://github.com/evil/charts\"", "made of the chart platform-app 1.2.3")]
    [InlineData("Application", "spec.source.chart", "\"cluster-admin\"", "made of the chart platform-app 1.2.3")]
    [InlineData("Application", "spec.source.targetRevision", "\"0.0.1\"", "made of the chart platform-app 1.2.3")]
    [InlineData("Application", "spec.source", null, "made of the chart platform-app 1.2.3")]
    [InlineData("Application", "spec.source.path", "\"manifests\"", "A preview has one source")]
    [InlineData("Application", "spec.source.plugin", """{"name":"sh"}""", "A preview has one source")]
    [InlineData("Application", "spec.source.helm.valueFiles", """["https://evil.example/values.yaml"]""", "A preview has one source")]
    [InlineData("Application", "spec.source.helm.fileParameters", """[{"name":"a","path":"/etc/passwd"}]""", "A preview has one source")]
    [InlineData("Application", "spec.source.helm.releaseName", "\"argocd\"", "A preview has one source")]
    [InlineData("Application", "spec.sources", """[{"repoURL":"https://github.com/evil/x"}]""", "A preview has one source")]
    [InlineData("Application", "spec.syncPolicy.managedNamespaceMetadata", """{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}""", "neither makes nor labels")]
    [InlineData("Application", "spec.syncPolicy.syncOptions.0", "\"CreateNamespace=true\"", "neither makes nor labels")]
    [InlineData("Application", "operation", """{"sync":{"manifests":["{}"]}}""", "ends operations and begins none")]
    public async Task Write_ThatIsNoPreview_IsRefused(string kind, string path, string? value, string message)
    {
        var evil = Changed(kind, path, value);
        var name = (string?)evil["metadata"]!["name"];
        var before = Original(kind);
        before["metadata"]!["name"] = name;
        foreach (var account in new[] { "pr-preview", "ebb" })
        {
            (await Admission.JudgeAsync(new Write(account, "CREATE", Kinds[kind], evil), new Write(account, "UPDATE", Kinds[kind], evil, before)))
                .ShouldAllBe(messages => messages.Any(text => text.Contains(message, StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("Namespace", "None", "none of the Namespaces that Ebb made")]
    [InlineData("Application", "None", "none of the Applications that Ebb made")]
    public async Task Write_OfWhatOthersMade_IsRefused(string kind, string mark, string message)
    {
        var others = Changed(kind, "metadata.labels", $$"""{"app.kubernetes.io/part-of":"{{mark}}"}""");
        (await Admission.JudgeAsync(
            new Write("pr-preview", "UPDATE", Kinds[kind], Original(kind), others), new Write("pr-preview", "DELETE", Kinds[kind], null, others),
            new Write("pr-preview", "DELETE", Kinds[kind], null, Changed(kind, "metadata.labels", null))))
            .ShouldAllBe(messages => messages.Any(text => text.Contains(message, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"app.kubernetes.io/part-of":"shop"}""")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task Write_IntoANamespaceThatOthersMade_IsRefused(string? labels)
    {
        foreach (var kind in new[] { "Secret", "ResourceQuota", "LimitRange", "NetworkPolicy" })
        {
            (await Admission.JudgeAsync(new Write("pr-preview", "CREATE", Kinds[kind], Original(kind)) { NamespaceLabels = labels is null ? null : JsonNode.Parse(labels)!.AsObject() }))
                .ShouldHaveSingleItem().ShouldHaveSingleItem().ShouldContain("Ebb did not make it");
        }
    }

    // Labels that the platform added, an Application of an older chart whose operation is ended: not the worker's doing.
    [Fact]
    public async Task Update_OfWhatOthersAddedOrAnOlderVersionWrote_IsAdmitted()
    {
        var labelled = Changed("Namespace", "metadata.labels.kyverno~io/generated", "\"true\"");
        var older = Changed("Application", "spec.source.targetRevision", "\"1.0.0\"");
        older["status"] = JsonNode.Parse(Syncing);
        var ending = older.DeepClone().AsObject();
        ending["status"]!["operationState"]!["phase"] = "Terminating";
        var running = Changed("Application", "operation", """{"sync":{}}""");
        (await Admission.JudgeAsync(
            new Write("pr-preview", "UPDATE", "namespaces", labelled, labelled),
            new Write("pr-preview", "UPDATE", "applications.argoproj.io", ending, older),
            new Write("pr-preview", "UPDATE", "applications.argoproj.io", Original("Application"), running),
            new Write("pr-preview", "UPDATE", "applications.argoproj.io", running, running))).ShouldAllBe(messages => messages.Count == 0);
    }

    // Argo CD goes on with what it finds in the status of an operation that runs, and looks at no spec for it.
    [Theory]
    [InlineData("""{"operation":{"sync":{"manifests":["{}"]}}}""")]
    [InlineData("""{"phase":"Terminating","syncResult":{"source":{"repoURL":"https://github.com/evil/x"}}}""")]
    [InlineData("""{"phase":"Running","syncResult":{"source":{"repoURL":"https://github.com/evil/x"}}}""")]
    [InlineData("""{"phase":"Succeeded"}""")]
    public async Task Update_OfAnOperationThatRuns_IsRefused(string change)
    {
        var running = Changed("Application", "status", Syncing);
        var changed = running.DeepClone().AsObject();
        foreach (var (key, value) in JsonNode.Parse(change)!.AsObject())
        {
            changed["status"]!["operationState"]![key] = value?.DeepClone();
        }

        (await Admission.JudgeAsync(new Write("pr-preview", "UPDATE", "applications.argoproj.io", changed, running)))
            .ShouldHaveSingleItem().ShouldHaveSingleItem().ShouldContain("nothing of the status");
    }

    private const string Syncing = """{"operationState":{"phase":"Running","operation":{"sync":{"revision":"1.0.0"}}},"sync":{"status":"OutOfSync"}}""";

    private static IEnumerable<Write> Life(string account, JsonObject item)
    {
        var kind = Kinds[item["kind"]!.GetValue<string>()];
        var changed = item.DeepClone().AsObject();
        changed["metadata"]!["annotations"] ??= new JsonObject();
        changed["metadata"]!["annotations"]!["ebb/applied"] = "0123456789abcdef";
        yield return new Write(account, "CREATE", kind, item);
        yield return new Write(account, "UPDATE", kind, changed, item);
        if (kind is "namespaces" or "applications.argoproj.io")
        {
            yield return new Write(account, "DELETE", kind, null, item);
        }
    }

    private static JsonObject Original(string kind) => Rendered.First(item => item["kind"]!.GetValue<string>() == kind).DeepClone().AsObject();

    // A dot in a key is written ~.
    private static JsonObject Changed(string kind, string path, string? value)
    {
        var changed = Original(kind);
        var parts = path.Split('.').Select(part => part.Replace('~', '.')).ToArray();
        JsonNode at = changed;
        foreach (var part in parts[..^1])
        {
            at = at[part]!;
        }

        if (value is null)
        {
            at.AsObject().Remove(parts[^1]);
        }
        else if (at is JsonArray list)
        {
            list[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        }
        else
        {
            at[parts[^1]] = JsonNode.Parse(value);
        }

        return changed;
    }
}
