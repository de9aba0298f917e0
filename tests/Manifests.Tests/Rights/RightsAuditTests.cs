using System.Text.Json.Nodes;
using Ebb.Manifests.Rights;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests.Rights;

/// <summary>No right of an installation can be used to gain another.</summary>
public sealed class RightsAuditTests
{
    public static TheoryData<string> Folders { get; } =
        [.. ClusterRulesTests.Overlays.Select(row => row.Data), "infra/argocd", "infra/policies", "infra/monitoring/prometheus", "infra/monitoring/victoriametrics", "infra/monitoring/grafana"];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Installation_Rights_CannotBeUsedToGainAnother(string folder) =>
        RightsAudit.Problems([.. (await Kustomization.BuildAsync(folder)).Select(document => document.Json)]).ShouldBeEmpty();

    // Once the rights of pr-preview, in every installation.
    [Fact]
    public void Problems_RightsOfPreviewsWithoutAPolicy_AreAllWrites()
    {
        var problems = RightsAudit.Problems(Documents(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data/rights-unconfined.yaml"))));
        foreach (var (kind, operation) in new[]
        {
            ("namespaces", "CREATE"), ("namespaces", "UPDATE"), ("namespaces", "DELETE"), ("secrets", "CREATE"), ("secrets", "UPDATE"), ("resourcequotas", "UPDATE"),
            ("limitranges", "UPDATE"), ("networkpolicies.networking.k8s.io", "UPDATE"), ("applications.argoproj.io", "CREATE"), ("applications.argoproj.io", "UPDATE"),
            ("applications.argoproj.io", "DELETE"),
        })
        {
            problems.ShouldContain(problem => problem.Contains($" {kind} in ", StringComparison.Ordinal) && problem.Contains($"judges its {operation}.", StringComparison.Ordinal), kind + operation);
        }
    }

    [Theory]
    [InlineData("", "secrets", "get", "every credential of the cluster can be read")]
    [InlineData("", "secrets", "watch", "every credential of the cluster can be read")]
    [InlineData("", "secrets", "patch", "whoever may patch a secret can read it")]
    [InlineData("", "secrets", "update", "whoever may patch a secret can read it")]
    [InlineData("", "pods", "create", "can take the rights of others")]
    [InlineData("", "pods/exec", "create", "subresources")]
    [InlineData("", "pods/exec", "get", "subresources")]
    [InlineData("", "serviceaccounts/token", "create", "subresources")]
    [InlineData("", "nodes/proxy", "get", "subresources")]
    [InlineData("", "serviceaccounts", "impersonate", "impersonate gives rights")]
    [InlineData("", "serviceaccounts", "create", "can take the rights of others")]
    [InlineData("rbac.authorization.k8s.io", "clusterroles", "escalate", "escalate gives rights")]
    [InlineData("rbac.authorization.k8s.io", "clusterroles", "bind", "bind gives rights")]
    [InlineData("rbac.authorization.k8s.io", "rolebindings", "create", "can take the rights of others")]
    [InlineData("admissionregistration.k8s.io", "validatingadmissionpolicies", "delete", "can take the rights of others")]
    [InlineData("certificates.k8s.io", "signers", "approve", "approve gives rights")]
    [InlineData("argoproj.io", "appprojects", "patch", "can take the rights of others")]
    [InlineData("argoproj.io", "applicationsets", "create", "can take the rights of others")]
    [InlineData("apps", "deployments", "patch", "judges its UPDATE")]
    [InlineData("batch", "jobs", "create", "judges its CREATE")]
    [InlineData("", "configmaps", "update", "judges its UPDATE")]
    [InlineData("", "secrets", "deletecollection", "judges nothing by name")]
    [InlineData("", "configmaps", "use", "no verb that is known")]
    [InlineData("", "*", "get", "has a '*'")]
    [InlineData("*", "pods", "get", "has a '*'")]
    [InlineData("", "pods", "*", "has a '*'")]
    public void Problems_RightInEveryNamespace_SaysWhatItGains(string group, string resource, string verb, string problem) =>
        RightsAudit.Problems(Granted("Cluster", group, resource, verb)).ShouldContain(found => found.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("argocd", "get", "keys to more than this account may do")]
    [InlineData("ebb", "get", "keys to more than this account may do")]
    [InlineData("shop", "list", "a list is all of them")]
    [InlineData("shop", "patch", "whoever may patch a secret can read it")]
    [InlineData("shop", "create", "judges its CREATE")]
    public void Problems_SecretsOfANamespace_SaysWhatItGains(string ns, string verb, string problem) =>
        RightsAudit.Problems(Granted("", "", "secrets", verb, ns)).ShouldContain(found => found.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Problems_ReadsThatGainNothing_AreNone()
    {
        RightsAudit.Problems(Granted("", "", "secrets", "get", "shop")).ShouldBeEmpty();
        RightsAudit.Problems(Granted("Cluster", "", "pods", "list")).ShouldBeEmpty();
    }

    [Fact]
    public void Problems_BindingThatReachesFurther_IsNamed()
    {
        var toAll = Granted("Cluster", "", "pods", "list");
        toAll[1]["subjects"]![0] = new JsonObject { ["kind"] = "Group", ["name"] = "system:authenticated" };
        RightsAudit.Problems(toAll).ShouldContain(problem => problem.Contains("grants to Group system:authenticated", StringComparison.Ordinal));
        var toAdmin = Granted("Cluster", "", "pods", "list");
        toAdmin[1]["roleRef"]!["name"] = "cluster-admin";
        RightsAudit.Problems(toAdmin).ShouldContain(problem => problem.Contains("cluster-admin, which is not in the set", StringComparison.Ordinal));
        var gathered = Granted("Cluster", "", "pods", "list");
        gathered[0]["aggregationRule"] = new JsonObject();
        RightsAudit.Problems(gathered).ShouldContain(problem => problem.Contains("aggregation", StringComparison.Ordinal));
        var lent = Granted("Cluster", "", "pods", "list");
        lent[0]["metadata"]!["labels"] = new JsonObject { ["rbac.authorization.k8s.io/aggregate-to-edit"] = "true" };
        RightsAudit.Problems(lent).ShouldContain(problem => problem.Contains("aggregation", StringComparison.Ordinal));
    }

    // A policy that does not hold always, for everything and for this account, is none.
    [Theory]
    [InlineData("policy", "spec.failurePolicy", "\"Ignore\"")]
    [InlineData("policy", "spec.matchConditions.0.expression", "\"request.userInfo.username == 'system:serviceaccount:ebb:other'\"")]
    [InlineData("policy", "spec.matchConditions.1", """{"name":"day","expression":"false"}""")]
    [InlineData("policy", "spec.matchConstraints.namespaceSelector", """{"matchLabels":{"a":"b"}}""")]
    [InlineData("policy", "spec.matchConstraints.objectSelector", """{"matchLabels":{"a":"b"}}""")]
    [InlineData("policy", "spec.matchConstraints.excludeResourceRules", """[{"resources":["secrets"]}]""")]
    [InlineData("policy", "spec.matchConstraints.resourceRules.4.resources", """["configmaps"]""")]
    [InlineData("policy", "spec.matchConstraints.resourceRules.4.operations", """["CREATE"]""")]
    [InlineData("policy", "spec.matchConstraints.resourceRules.4.resourceNames", """["x"]""")]
    [InlineData("policy", "spec.matchConstraints.resourceRules.4.apiVersions", """["v2"]""")]
    [InlineData("policy", "spec.validations", "[]")]
    [InlineData("policy-binding", "spec.validationActions", """["Warn","Audit"]""")]
    [InlineData("policy-binding", "spec.policyName", "\"another\"")]
    [InlineData("policy-binding", "spec.matchResources", """{"namespaceSelector":{"matchLabels":{"a":"b"}}}""")]
    public void Problems_PolicyThatIsWeakened_IsNoPolicy(string file, string path, string value)
    {
        var files = Configured.Files().All.Where(entry => entry.Key.StartsWith("pr-preview/", StringComparison.Ordinal) && entry.Key.EndsWith(".yaml", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key, entry => YamlReading.Documents(entry.Value).ShouldHaveSingleItem().AsObject());
        RightsAudit.Problems([.. files.Values]).ShouldBeEmpty();
        Set(files[$"pr-preview/admission-{file}.yaml"], path, JsonNode.Parse(value)!);
        RightsAudit.Problems([.. files.Values]).ShouldContain(problem => problem.Contains("secrets", StringComparison.Ordinal) && problem.Contains("judges its UPDATE", StringComparison.Ordinal));
    }

    // What a reviewer has to see when a right or a rule changes.
    [Fact]
    public async Task Configured_RightsAndRules_AreTheGoldenOnes()
    {
        var golden = Path.Combine(Repository.Root, "tests/Manifests.Tests/Golden/rights.yaml");
        var rights = string.Join("---\n", Configured.Files().All
            .Where(entry => entry.Key.Contains("role", StringComparison.Ordinal) || entry.Key.Contains("admission", StringComparison.Ordinal))
            .Select(entry => $"# {entry.Key}\n{entry.Value.Split('\n', 2)[1]}"));
        if (Environment.GetEnvironmentVariable("EBB_WRITE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(golden, rights, TestContext.Current.CancellationToken);
        }

        rights.ShouldBe(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), "EBB_WRITE_GOLDEN=1 writes it anew; read the difference before you commit it");
    }

    private static JsonObject[] Granted(string kind, string group, string resource, string verb, string? ns = null) =>
    [
        new()
        {
            ["kind"] = $"{kind}Role",
            ["metadata"] = new JsonObject { ["name"] = "r", ["namespace"] = ns },
            ["rules"] = new JsonArray(new JsonObject { ["apiGroups"] = new JsonArray(group), ["resources"] = new JsonArray(resource), ["verbs"] = new JsonArray(verb) }),
        },
        new()
        {
            ["kind"] = $"{kind}RoleBinding",
            ["metadata"] = new JsonObject { ["name"] = "r", ["namespace"] = ns },
            ["roleRef"] = new JsonObject { ["kind"] = $"{kind}Role", ["name"] = "r" },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = "worker", ["namespace"] = "ebb" }),
        },
    ];

    private static JsonObject[] Documents(string yaml) => [.. YamlReading.Documents(yaml).Select(document => document.AsObject())];

    private static void Set(JsonObject document, string path, JsonNode value)
    {
        var parts = path.Split('.');
        JsonNode at = document;
        foreach (var part in parts[..^1])
        {
            at = int.TryParse(part, out var index) ? at[index]! : at[part]!;
        }

        switch (at)
        {
            case JsonArray list when int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture) == list.Count:
                list.Add(value);
                break;
            case JsonArray list:
                list[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
                break;
            default:
                at[parts[^1]] = value;
                break;
        }
    }
}
