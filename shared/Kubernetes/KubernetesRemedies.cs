using System.Text.RegularExpressions;

namespace Ebb.Kubernetes;

/// <summary>What to do about a fault.</summary>
internal static partial class KubernetesRemedies
{
    public static string For(KubernetesFault fault, KubernetesRequest request, ServerStatus status, KubernetesOptions options, string credential) => fault switch
    {
        KubernetesFault.Unauthorized => $"The server does not accept {credential} (from {options.Source}): it has expired, was revoked, or belongs to another cluster.",
        KubernetesFault.Forbidden when status.Words.Contains(" cannot ", StringComparison.Ordinal) || status.Words.Length == 0 => MissingRight(request, status.Words),
        KubernetesFault.Forbidden => "An admission rule of the cluster refuses the object as it is.",
        KubernetesFault.QuotaExceeded => "Raise the ResourceQuota or remove what is no longer needed; nothing was written.",
        KubernetesFault.NamespaceTerminating => $"Wait until the namespace {request.Namespace} is gone, then make it anew.",
        KubernetesFault.NotFound => "It is not there, or its namespace is not.",
        KubernetesFault.TypeNotServed => $"The cluster has no {request.Type} of {request.Type.ApiVersion}: install the custom resource definition or operator that brings it.",
        KubernetesFault.AlreadyExists => "An object of that name is there; read it and decide again.",
        KubernetesFault.Conflict => "The object changed since it was read, or is another one; read it again and decide again.",
        KubernetesFault.OwnedByAnother => $"Leave the fields to their owner, or apply with force to take them over as '{request.FieldManager}'.",
        KubernetesFault.Expired => "That version is no longer kept; begin again without it.",
        KubernetesFault.Invalid => "The server does not accept the object as it is.",
        KubernetesFault.RateLimited => "The server limits this client's rate (API priority and fairness); ask less often.",
        KubernetesFault.ServerError => "The server failed; the logs of the API server and of its webhooks say why.",
        _ => $"That is no answer of a Kubernetes API. Is the address in {options.Source} right?",
    };

    // The server names the right that is missing, which need not be the request's own verb: an apply that creates needs "create" too.
    private static string MissingRight(KubernetesRequest request, string words)
    {
        var named = NamedRight().Match(words);
        var verb = named.Success ? named.Groups["verb"].Value : request.Verb;
        var where = request.Namespace is null ? "a ClusterRole bound by a ClusterRoleBinding" : $"a Role bound in the namespace {request.Namespace}";
        return $"Give the service account the verb '{verb}' on '{request.Type.Plural}' of the API group '{request.Type.Group}' in {where}.";
    }

    [GeneratedRegex("cannot (?<verb>[a-z]{1,32}) resource ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedRight();
}
