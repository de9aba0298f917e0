using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.SecretBump.Rollouts;

namespace Ebb.SecretBump.Tests.Rollouts;

public sealed class WorkloadTests
{
    private const string Template = """
        {"metadata":{"annotations":{"a":"b"},"creationTimestamp":"2026-11-25T12:00:00Z"},
         "spec":{"initContainers":[{"envFrom":[{"secretRef":{"name":"init"}}],"image":"a:1","name":"init"}],
         "containers":[{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"key":"k","name":"variable"}}},{"name":"B","value":"c"}],
         "image":"a:1","livenessProbe":{"httpGet":{"path":"/","port":"http"}},"name":"web","ports":[{"containerPort":8080}],"readinessProbe":{"tcpSocket":{"port":8080}},
         "resources":{"limits":{"cpu":"250m","memory":"256Mi"}},"volumeMounts":[{"mountPath":"/m","name":"v"}]}],
         "tolerations":[{"key":"k","operator":"Exists","tolerationSeconds":30}],
         "volumes":[{"name":"v","projected":{"defaultMode":420,"sources":[{"secret":{"name":"projected"}}]}},{"emptyDir":{"sizeLimit":"1Gi"},"name":"w"},{"name":"x","secret":{"secretName":"file"}}]}}
        """;

    [Theory]
    [InlineData("init", true, true)]
    [InlineData("variable", true, true)]
    [InlineData("projected", true, true)]
    [InlineData("file", true, false)]
    [InlineData("other", false, false)]
    public void Secret_WhereItIsUsed_IsFound(string secret, bool uses, bool inContainers)
    {
        var workload = Of(JsonNode.Parse(Template)!);

        (workload.Uses(secret), workload.IsInContainers(secret)).ShouldBe((uses, inContainers));
        workload.Variable("B").ShouldBe("c");
        workload.TemplateAnnotations.ShouldBe(new Dictionary<string, string> { ["a"] = "b" });
    }

    // A newer server's, which no model has: a person may have changed it.
    [Fact]
    public void Fingerprint_OtherFieldThatNoModelHas_IsAnother()
    {
        var newer = JsonNode.Parse(Template)!;
        newer["spec"]!["newer"] = true;

        Of(newer).Fingerprint.ShouldNotBe(Of(JsonNode.Parse(Template)!).Fingerprint);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"spec":{"containers":"nonsense","volumes":[1,null]}}""")]
    public void Template_NoneOrNonsense_UsesNothing(string template)
    {
        var workload = Of(JsonNode.Parse(template));

        workload.Uses("init").ShouldBeFalse();
        workload.TemplateAnnotations.ShouldBeEmpty();
    }

    private static Workload Of(JsonNode? template) => new(ResourceTypes.Deployments, new KubernetesObject(new JsonObject
    {
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop" },
        ["spec"] = new JsonObject { ["template"] = template },
    }));
}
