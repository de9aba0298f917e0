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
    public static string? ContentOf(V1Secret source) =>
        source.Type == Type && source.Data?.TryGetValue(Key, out var content) is true ? Convert.ToBase64String(content) : null;

    /// <summary>The content for an account of a registry.</summary>
    public static string ContentOf(string registry, string username, string password)
    {
        var login = new JsonObject { ["username"] = username, ["password"] = password, ["auth"] = Base64($"{username}:{password}") };
        return Base64(new JsonObject { ["auths"] = new JsonObject { [registry] = login } }.ToJsonString());
    }

    /// <summary>The secret.</summary>
    /// <param name="plan">The preview.</param>
    /// <param name="environment">Its surroundings.</param>
    /// <param name="content">The content in Base64, as the API has it.</param>
    public static RenderedObject Of(PreviewPlan plan, EnvironmentOptions environment, string content) => new(ResourceTypes.Secrets, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = Marks.Metadata(plan, environment, Name, plan.Name.Value),
        ["type"] = Type,
        ["data"] = new JsonObject { [Key] = content },
    });

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
