using System.Text;
using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;
using k8s.Models;

namespace Ebb.PrPreview.Rendering;

/// <summary>The secret that a preview's pods pull with: a copy of the platform's, or a robot's.</summary>
internal static class PullSecret
{
    public const string Name = "preview-pull";

    public const string Type = "kubernetes.io/dockerconfigjson";
    public const string Key = ".dockerconfigjson";

    /// <summary>The content to copy; null when the source is no secret to pull with.</summary>
    public static byte[]? ContentOf(V1Secret source) => source.Type == Type && source.Data?.TryGetValue(Key, out var content) is true ? content : null;

    /// <summary>The content for an account of a registry.</summary>
    public static byte[] ContentOf(string registry, string username, string password)
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
        var login = new JsonObject { ["username"] = username, ["password"] = password, ["auth"] = auth };
        return Encoding.UTF8.GetBytes(new JsonObject { ["auths"] = new JsonObject { [registry] = login } }.ToJsonString());
    }

    /// <summary>The secret.</summary>
    public static RenderedObject Of(PreviewPlan plan, EnvironmentOptions environment, byte[] content) => RenderedObject.Of(
        ResourceTypes.Secrets,
        new V1Secret
        {
            Metadata = Marks.Metadata(plan, environment, Name, plan.Name.Value),
            Type = Type,
            Data = new Dictionary<string, byte[]> { [Key] = content },
        },
        KubernetesModels.Default.V1Secret);
}
