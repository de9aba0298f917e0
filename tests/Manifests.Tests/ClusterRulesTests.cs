using System.Text.Json.Nodes;

namespace Ebb.Manifests.Tests;

/// <summary>What must hold for an installation as a whole, and what admission on the platform asks for.</summary>
public sealed class ClusterRulesTests
{
    private static readonly string[] AdmissionLabels =
        ["app.kubernetes.io/name", "app.kubernetes.io/team", "app.kubernetes.io/managed-by"];

    public static TheoryData<string> Overlays { get; } =
    [
        "infra/overlays/all-in-one", "infra/overlays/standard", "infra/overlays/talos", "infra/overlays/http-add-on",
        "configured/infra/overlays/all-in-one", "configured/infra/overlays/standard", "configured/infra/overlays/talos", "configured/infra/overlays/http-add-on",
    ];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_Workloads_CarryTheLabelsOfAdmission(string overlay) =>
        (await WorkloadsAsync(overlay))
            .SelectMany(workload => AdmissionLabels.Where(label => !workload.Labels.ContainsKey(label)).Select(label => $"{workload} has no {label}"))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_Containers_AreConfinedAndLimited(string overlay)
    {
        foreach (var workload in await WorkloadsAsync(overlay))
        {
            var pod = workload.Pod!["securityContext"]!;
            pod["runAsNonRoot"]!.GetValue<bool>().ShouldBeTrue(workload.ToString());
            pod["runAsUser"]!.GetValue<long>().ShouldBe(65532);
            pod["seccompProfile"]!["type"]!.GetValue<string>().ShouldBe("RuntimeDefault");
            // A token for the Kubernetes API only where the app works with it; ebb holds every app that is turned on.
            var needsToken = workload.Name is "pr-preview" or "secret-bump" || (workload.Name == "ebb" && overlay.StartsWith(Configured.Prefix, StringComparison.Ordinal));
            workload.Pod["automountServiceAccountToken"]!.GetValue<bool>().ShouldBe(needsToken, workload.ToString());
            workload.Containers.ShouldNotBeEmpty();
            foreach (var container in workload.Containers)
            {
                var security = container["securityContext"]!;
                security["readOnlyRootFilesystem"]!.GetValue<bool>().ShouldBeTrue(workload.ToString());
                security["allowPrivilegeEscalation"]!.GetValue<bool>().ShouldBeFalse(workload.ToString());
                security["capabilities"]!["drop"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe("ALL");
                foreach (var amount in new[] { "requests", "limits" }.SelectMany(kind => new[] { "cpu", "memory" }.Select(what => container["resources"]?[kind]?[what])))
                {
                    amount.ShouldNotBeNull(workload.ToString());
                }

                if (workload.Kind != "Job")
                {
                    container["readinessProbe"]!["httpGet"]!["path"]!.GetValue<string>().ShouldBe("/healthz/ready");
                    container["livenessProbe"]!["httpGet"]!["path"]!.GetValue<string>().ShouldBe("/healthz/live");
                }

                container["image"]!.GetValue<string>().ShouldNotEndWith(":latest");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_SecretsInUse_AreProducedByAnObjectOfTheOverlay(string overlay)
    {
        var documents = await Kustomization.BuildAsync(overlay);
        // cert-manager, CloudNativePG and Talos write what these objects ask for.
        var produced = documents.SelectMany(document => document.Kind switch
        {
            "ExternalSecret" => [document.Spec!["target"]!["name"]!.GetValue<string>()],
            "Certificate" => [document.Spec!["secretName"]!.GetValue<string>()],
            "Cluster" => [$"{document.Name}-app", $"{document.Name}-ca"],
            "ServiceAccount" when document.Json["apiVersion"]!.GetValue<string>().StartsWith("talos.dev/", StringComparison.Ordinal) => [document.Name],
            _ => Array.Empty<string>(),
        }).ToHashSet();
        var used = documents.SelectMany(document => document.Volumes
            .Where(volume => volume["secret"]?["optional"]?.GetValue<bool>() is not true).Select(volume => volume["secret"]?["secretName"]?.GetValue<string>())
            .Concat(document.Kind == "TriggerAuthentication" ? document.Spec!["secretTargetRef"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()) : [])
            .Concat(document.Json["imagePullSecrets"]?.AsArray().Select(one => one!["name"]!.GetValue<string>()) ?? [])).OfType<string>().Distinct().ToList();
        used.ShouldNotBeEmpty();
        used.Where(secret => !produced.Contains(secret)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_ConfigMapsAndAccounts_Exist(string overlay)
    {
        var documents = await Kustomization.BuildAsync(overlay);
        var there = documents.Select(document => document.ToString()).ToHashSet();
        var workloads = await WorkloadsAsync(overlay);
        workloads.SelectMany(workload => workload.Volumes).Select(volume => volume["configMap"]?["name"]?.GetValue<string>()).OfType<string>()
            .Select(name => $"ConfigMap/{name}")
            .Concat(workloads.Select(workload => $"ServiceAccount/{workload.Pod!["serviceAccountName"]}"))
            .Concat(workloads.SelectMany(workload => workload.Volumes).Select(volume => volume["persistentVolumeClaim"]?["claimName"]?.GetValue<string>())
                .OfType<string>().Select(name => $"PersistentVolumeClaim/{name}"))
            .Where(wanted => !there.Contains(wanted)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_ServicesBudgetsAndPolicies_SelectPodsThatExist(string overlay)
    {
        var documents = await Kustomization.BuildAsync(overlay);
        var pods = documents.Where(document => document.Pod is not null).Select(document => document.PodLabels)
            .Concat(documents.Where(document => document.Kind == "Cluster").Select(cluster => new Dictionary<string, string> { ["cnpg.io/cluster"] = cluster.Name }))
            .ToList();
        foreach (var document in documents)
        {
            var selector = document.Kind switch
            {
                "Service" when document.Spec!["type"]?.GetValue<string>() != "ExternalName" => document.Spec["selector"],
                "PodDisruptionBudget" => document.Spec!["selector"]!["matchLabels"],
                "NetworkPolicy" => document.Spec!["podSelector"]!["matchLabels"] ?? new JsonObject(),
                _ => null,
            };
            if (selector is not null)
            {
                pods.ShouldContain(labels => KubeObject.Map(selector).All(wanted => labels.GetValueOrDefault(wanted.Key) == wanted.Value), document.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_EveryWorkload_HasAPolicyAndOnlyTheDoorAndTheScalerLetAnythingIn(string overlay)
    {
        var documents = await Kustomization.BuildAsync(overlay);
        var policies = documents.Where(document => document.Kind == "NetworkPolicy").ToList();
        policies.ShouldContain(policy => policy.Spec!["podSelector"]!.AsObject().Count == 0 && policy.Spec["ingress"] == null && policy.Spec["egress"] == null);
        foreach (var workload in await WorkloadsAsync(overlay))
        {
            var policy = policies.Single(policy => policy.Name == workload.Name);
            policy.Spec!["policyTypes"]!.ToJsonString().ShouldBe("""["Ingress","Egress"]""");
            var isOpen = workload.Labels["app.kubernetes.io/component"] is "door" or "scaler" or "all-in-one";
            (policy.Spec["ingress"] is not null).ShouldBe(isOpen, workload.ToString());
            policy.Spec["egress"]!.AsArray().ShouldAllBe(rule => rule!["to"] != null && rule["ports"] != null);
        }
    }

    [Theory]
    [InlineData("infra/overlays/standard", "ebb-scaler", "ebb-storage", "image-mirror", "webhooks")]
    [InlineData("configured/infra/overlays/standard", "ebb-scaler", "ebb-storage", "etcd-backup", "image-mirror", "pr-preview", "secret-bump", "webhooks")]
    public async Task Standard_Workloads_AreOfTheAppsThatAreTurnedOn(string overlay, params string[] names) =>
        (await WorkloadsAsync(overlay)).Select(workload => workload.Name).ShouldBe(names, ignoreOrder: true);

    [Theory]
    [InlineData("infra/overlays/all-in-one")]
    [InlineData("infra/overlays/standard")]
    public async Task Overlay_NothingTurnedOn_GrantsNoRightAtAll(string overlay) =>
        (await Kustomization.BuildAsync(overlay)).Where(document => document.ApiVersion.StartsWith("rbac.", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public async Task Standard_Webhooks_HoldNoCredentialButKeysAndTheStore()
    {
        var webhooks = (await WorkloadsAsync("infra/overlays/standard")).Single(workload => workload.Name == "webhooks");
        webhooks.Volumes.Select(volume => volume["secret"]?["secretName"]?.GetValue<string>()).OfType<string>()
            .ShouldBe(["ebb-postgres-webhooks", "ebb-postgres-ca", "ebb-function-keys"], ignoreOrder: true);
    }

    [Fact]
    public async Task Standard_ScaledDeployments_LeaveTheirReplicasToKeda()
    {
        var documents = await Kustomization.BuildAsync("infra/overlays/standard");
        var scaled = documents.Where(document => document.Kind == "ScaledObject").ToList();
        scaled.ShouldNotBeEmpty();
        foreach (var name in scaled.Select(document => document.Spec!["scaleTargetRef"]!["name"]!.GetValue<string>()))
        {
            documents.Single(document => document.Kind == "Deployment" && document.Name == name).Spec!["replicas"].ShouldBeNull();
        }
    }

    [Fact]
    public async Task Standard_Store_HasEveryCommitOnASecondInstanceAndOneToSpare()
    {
        var cluster = (await Kustomization.BuildAsync("infra/overlays/standard")).Single(document => document is { Kind: "Cluster", Name: "ebb-postgres" });
        var copies = cluster.Spec!["postgresql"]!["synchronous"]!["number"]!.GetValue<long>();
        copies.ShouldBeGreaterThanOrEqualTo(1);
        cluster.Spec!["instances"]!.GetValue<long>().ShouldBeGreaterThan(copies + 1);
    }

    [Fact]
    public async Task HttpAddOn_Webhooks_AreAtZeroBehindTheInterceptor()
    {
        var documents = await Kustomization.BuildAsync("infra/overlays/http-add-on");
        documents.Single(document => document is { Kind: "Deployment", Name: "webhooks" }).Spec!["replicas"].ShouldBeNull();
        documents.Single(document => document is { Kind: "ScaledObject", Name: "webhooks" }).Spec!["minReplicaCount"]!.GetValue<long>().ShouldBe(0);
        documents.Single(document => document is { Kind: "NetworkPolicy", Name: "webhooks" }).Spec!.ToJsonString().ShouldContain("\"kubernetes.io/metadata.name\":\"keda\"");
        documents.Single(document => document is { Kind: "InterceptorRoute" }).Spec!["target"]!["service"]!.GetValue<string>().ShouldBe("webhooks");
    }

    private static async Task<IReadOnlyList<KubeObject>> WorkloadsAsync(string overlay) =>
        [.. (await Kustomization.BuildAsync(overlay)).Where(document => document.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "Job" or "CronJob")];
}
