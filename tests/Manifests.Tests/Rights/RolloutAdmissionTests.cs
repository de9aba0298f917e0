using System.Text.Json.Nodes;

namespace Ebb.Manifests.Tests.Rights;

/// <summary>The worker of secrets may ask and restart, and change nothing else of what it may patch.</summary>
public sealed class RolloutAdmissionTests
{
    private const string Workload = """
        {"metadata":{"name":"shop","namespace":"shop-production","labels":{"a":"b"}},
         "spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},
                 "template":{"metadata":{"labels":{"a":"b"},"annotations":{"team":"shop"}},"spec":{"serviceAccountName":"shop","containers":[{"name":"shop","image":"shop:1"}]}}}}
        """;

    private const string External = """
        {"metadata":{"name":"shop-env","namespace":"shop-production","annotations":{"team":"shop"}},
         "spec":{"secretStoreRef":{"name":"shop"},"dataFrom":[{"extract":{"key":"env"}}]}}
        """;

    [Theory]
    [InlineData("deployments.apps", Workload, """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-11-20T10:00:00Z","ebb.dev/secret-0123456789ab":"shop@4"}}}}}""")]
    [InlineData("statefulsets.apps", Workload, """{"spec":{"template":{"metadata":{"annotations":{"ebb.dev/secret-0123456789ab":"shop@4"}}}},"status":{"readyReplicas":1}}""")]
    [InlineData("daemonsets.apps", Workload, """{"metadata":{"annotations":{"deprecated.daemonset.template.generation":"2"}},"spec":{"template":{"metadata":{"annotations":{"ebb.dev/secret-0123456789ab":"shop@4"}}}}}""")]
    [InlineData("externalsecrets.external-secrets.io", External, """{"metadata":{"annotations":{"force-sync":"4.1"},"resourceVersion":"5"}}""")]
    [InlineData("clusterexternalsecrets.external-secrets.io", External, """{"metadata":{"annotations":{"external-secrets.io/force-sync":"4.1"}}}""")]
    public async Task Patch_ThatAsksOrRestarts_IsAdmitted(string kind, string before, string patch) =>
        (await JudgeAsync(kind, before, patch)).ShouldAllBe(messages => messages.Count == 0);

    [Theory]
    [InlineData("deployments.apps", Workload, """{"spec":{"template":{"spec":{"serviceAccountName":"admin"}}}}""", "pods stay as they are")]
    [InlineData("daemonsets.apps", Workload, """{"spec":{"template":{"spec":{"containers":[{"name":"shop","image":"evil:1"}]}}}}""", "pods stay as they are")]
    [InlineData("statefulsets.apps", Workload, """{"spec":{"template":{"spec":{"volumes":[{"name":"x","secret":{"secretName":"others"}}]}}}}""", "pods stay as they are")]
    [InlineData("deployments.apps", Workload, """{"spec":{"replicas":0}}""", "it changes none")]
    [InlineData("deployments.apps", Workload, """{"spec":{"paused":true}}""", "it changes none")]
    [InlineData("deployments.apps", Workload, """{"spec":{"replicas":null}}""", "it changes none")]
    [InlineData("deployments.apps", Workload, """{"spec":{"template":{"metadata":{"labels":{"c":"d"}}}}}""", "changes no labels and annotations")]
    [InlineData("deployments.apps", Workload, """{"metadata":{"labels":{"a":null}}}""", "changes no labels and annotations")]
    [InlineData("deployments.apps", Workload, """{"metadata":{"annotations":{"reloader.stakater.com/auto":"true"}}}""", "changes no labels and annotations")]
    [InlineData("deployments.apps", Workload, """{"spec":{"template":{"metadata":{"annotations":{"vault.hashicorp.com/agent-inject":"true"}}}}}""", "only the annotations that restart")]
    [InlineData("deployments.apps", Workload, """{"spec":{"template":{"metadata":{"annotations":{"team":null}}}}}""", "only the annotations that restart")]
    [InlineData("deployments.apps", Workload, """{"spec":{"template":{"metadata":{"annotations":{"team":"other"}}}}}""", "only the annotations that restart")]
    [InlineData("deployments.apps", Workload, """{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"gone","uid":"1"}]}}""", "changes no owners")]
    [InlineData("statefulsets.apps", Workload, """{"metadata":{"finalizers":["example.com/never"]}}""", "changes no owners")]
    [InlineData("deployments.apps", Workload, """{"spec":{"template":{"metadata":{"finalizers":["example.com/never"]}}}}""", "pods stay as they are")]
    [InlineData("externalsecrets.external-secrets.io", External, """{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"gone","uid":"1"}]}}""", "changes no owners")]
    [InlineData("clusterexternalsecrets.external-secrets.io", External, """{"metadata":{"finalizers":["example.com/never"]}}""", "changes no owners")]
    [InlineData("externalsecrets.external-secrets.io", External, """{"spec":{"dataFrom":[{"extract":{"key":"others/env"}}]}}""", "changes no ExternalSecret")]
    [InlineData("externalsecrets.external-secrets.io", External, """{"spec":{"secretStoreRef":{"name":"platform"}}}""", "changes no ExternalSecret")]
    [InlineData("externalsecrets.external-secrets.io", External, """{"metadata":{"annotations":{"team":"other"}}}""", "only the annotations that ask")]
    [InlineData("externalsecrets.external-secrets.io", External, """{"metadata":{"labels":{"a":"b"}}}""", "only the annotations that ask")]
    [InlineData("clusterexternalsecrets.external-secrets.io", External, """{"spec":{"namespaceSelectors":[{}]}}""", "changes no ExternalSecret")]
    public async Task Patch_ThatChangesMore_IsRefused(string kind, string before, string patch, string message) =>
        (await JudgeAsync(kind, before, patch)).ShouldAllBe(messages => messages.Any(text => text.Contains(message, StringComparison.Ordinal)));

    // The worker's own account, and that of all apps in one process.
    private static Task<IReadOnlyList<IReadOnlyList<string>>> JudgeAsync(string kind, string before, string patch)
    {
        var (was, becomes) = (JsonNode.Parse(before)!.AsObject(), JsonNode.Parse(before)!.AsObject());
        Merge(becomes, JsonNode.Parse(patch)!.AsObject());
        return Admission.JudgeAsync(new Write("secret-bump", "UPDATE", kind, becomes, was), new Write("ebb", "UPDATE", kind, becomes, was));
    }

    // RFC 7386.
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is JsonObject inner && target[key] is JsonObject there)
            {
                Merge(there, inner);
            }
            else if (value is null)
            {
                target.Remove(key);
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }
    }
}
