using System.Text.Json.Nodes;
using k8s.Models;

namespace Ebb.Kubernetes.Tests;

/// <summary>Custom resources against their real definitions.</summary>
public sealed class SchemaTests : KubernetesTestBase
{
    [Fact]
    public async Task Application_UnknownFieldOrMissingOne_Refused()
    {
        Server.Cluster.Resources.LoadDefinition(Definitions.Find("argoproj.io_applications.yaml"));
        Server.Cluster.Create("namespaces", Objects.Named("argocd"));
        var application = Objects.Object("argoproj.io/v1alpha1", "Application", "web", "argocd");
        application["spec"] = JsonNode.Parse("""{"project": "p", "destination": {"namespaces": "x"}, "source": {"repoURL": "https://git"}}""");
        var unknown = await FailureAsync(() => ApplyAsync(application, ResourceTypes.Applications));
        application["spec"] = JsonNode.Parse("""{"destination": {"namespace": "x"}, "source": {"repoURL": "https://git"}}""");
        var missing = await FailureAsync(() => ApplyAsync(application, ResourceTypes.Applications));
        application["spec"]!["project"] = "p";

        unknown.Message.ShouldContain(".spec.destination.namespaces: field not declared in schema");
        missing.Causes.ShouldBe([new V1StatusCause { Reason = "FieldValueRequired", Message = "Required value", Field = "spec.project" }]);
        (await ApplyAsync(application, ResourceTypes.Applications)).Outcome.ShouldBe(ApplyOutcome.Created);
        (await ApplyAsync(application, ResourceTypes.Applications)).Outcome.ShouldBe(ApplyOutcome.Unchanged);
    }

    [Fact]
    public async Task ExternalSecret_WrongWord_RefusedWithTheAllowedOnes()
    {
        Server.Cluster.Resources.LoadDefinition(Definitions.Find("external-secrets.io_externalsecrets.yaml"));
        var external = Objects.Object("external-secrets.io/v1", "ExternalSecret", "web", Team);
        external["spec"] = new JsonObject { ["refreshPolicy"] = "Sometimes" };

        var failure = await FailureAsync(() => ApplyAsync(external, ResourceTypes.ExternalSecrets));

        failure.Causes.ShouldHaveSingleItem().Message.ShouldBe("Unsupported value: \"Sometimes\": supported values: \"CreatedOnce\", \"Periodic\", \"OnChange\"");
    }

    [Theory]
    [InlineData("networking.k8s.io/v1", "NetworkPolicy", """{"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"port": 53, "protocol": "UDP"}]}]}""")]
    [InlineData("v1", "ResourceQuota", """{"hard": {"pods": "10", "requests.cpu": 2, "count/deployments.apps": "4"}}""")]
    [InlineData("v1", "LimitRange", """{"limits": [{"type": "Container", "default": {"cpu": "500m"}, "defaultRequest": {"cpu": "50m"}}]}""")]
    public async Task BuiltIn_AsPreviewsUseThem_AcceptedAndUnchangedTheSecondTime(string apiVersion, string kind, string spec)
    {
        var type = new[] { ResourceTypes.NetworkPolicies, ResourceTypes.ResourceQuotas, ResourceTypes.LimitRanges }.Single(type => type.Kind == kind);
        var item = Objects.Object(apiVersion, kind, "a", Team);
        item["spec"] = JsonNode.Parse(spec);

        (await ApplyAsync(item, type)).Outcome.ShouldBe(ApplyOutcome.Created);
        (await ApplyAsync(item, type)).Outcome.ShouldBe(ApplyOutcome.Unchanged);
    }
}
