using Ebb.Worker;

namespace Ebb.SecretBump.Rights;

/// <summary>
/// What a rollout looks at, asks and restarts. A workload's template can name any service account and mount any secret of its namespace, and
/// an ExternalSecret can bring any secret of its store: of either only the annotations that ask may be written.
/// </summary>
internal static class RolloutRights
{
    // The API server itself counts a DaemonSet's templates there, within the request that changes one.
    private const string Counted = "deprecated.daemonset.template.generation";

    // An owner that is not there has the object deleted; a finalizer keeps it from being deleted.
    private static readonly WriteRule NoOwners = new(
        $"({Cel.Same("metadata.ownerReferences")}) && ({Cel.Same("metadata.finalizers")})", "This account changes no owners and finalizers.");

    private static readonly IReadOnlyList<WriteRule> AskOnly =
    [
        NoOwners,
        new("object.spec == oldObject.spec", "This account asks for a sync; it changes no ExternalSecret."),
        new($"{Cel.Unchanged("metadata", "labels", "false")} && {Cel.Unchanged("metadata", "annotations", $"k in {Cel.List([Rollouts.SecretSync.OnOne, Rollouts.SecretSync.OnMaker])}")}",
            "This account writes only the annotations that ask for a sync."),
    ];

    private static readonly IReadOnlyList<WriteRule> RestartOnly =
    [
        NoOwners,
        new("object.spec.all(k, k == 'template' || (k in oldObject.spec && object.spec[k] == oldObject.spec[k])) && oldObject.spec.all(k, k in object.spec)",
            "This account restarts workloads; it changes none."),
        new("object.spec.template.spec == oldObject.spec.template.spec", "This account restarts workloads; their pods stay as they are."),
        new(Cel.Unchanged("spec.template", "metadata", "k in ['labels', 'annotations']"), "This account restarts workloads; their pods stay as they are."),
        new($"{Cel.Unchanged("metadata", "labels", "false")} && {Cel.Unchanged("metadata", "annotations", $"k == {Cel.Text(Counted)}")} && {Cel.Unchanged("spec.template.metadata", "labels", "false")}",
            "This account changes no labels and annotations of workloads."),
        new(Cel.Unchanged("spec.template.metadata", "annotations",
                $"k == {Cel.Text(Rollouts.WorkloadRestart.RestartedAt)} || k.startsWith({Cel.Text(Rollouts.WorkloadRestart.AnnotationPrefix)})"),
            "This account writes only the annotations that restart a workload."),
    ];

    /// <summary>The rights in a namespace.</summary>
    public static IEnumerable<KubernetesRight> In(string ns) =>
    [
        new() { ApiGroup = "external-secrets.io", Resources = ["externalsecrets"], Verbs = ["get", "list", "watch", "patch"], Namespace = ns, Rules = AskOnly },
        new() { ApiGroup = "apps", Resources = ["deployments", "statefulsets", "daemonsets"], Verbs = ["get", "list", "watch", "patch"], Namespace = ns, Rules = RestartOnly },
        new() { ApiGroup = "", Resources = ["pods"], Verbs = ["get", "list"], Namespace = ns },
        // Whether the tag has arrived; only get, so that nobody can list what there is.
        new() { ApiGroup = "", Resources = ["secrets"], Verbs = ["get"], Namespace = ns },
    ];

    /// <summary>The right on what makes ExternalSecrets, which is in no namespace.</summary>
    public static KubernetesRight OnMakers { get; } = new()
    {
        ApiGroup = "external-secrets.io",
        Resources = ["clusterexternalsecrets"],
        Verbs = ["get", "patch"],
        Namespace = KubernetesRight.EveryNamespace,
        Rules = AskOnly,
    };
}
