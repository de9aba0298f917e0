using System.Text.Json.Nodes;

namespace Ebb.Manifests.Tests.Rights;

/// <summary>A request that writes, as admission sees it.</summary>
/// <param name="Account">The service account in Ebb's namespace.</param>
/// <param name="Operation">CREATE, UPDATE or DELETE.</param>
/// <param name="Kind">The resource and its group: <c>applications.argoproj.io</c>.</param>
/// <param name="Object">The object as it is to be; null for DELETE.</param>
/// <param name="Before">The object as it is; null for CREATE.</param>
internal sealed record Write(string Account, string Operation, string Kind, JsonObject? Object, JsonObject? Before = null)
{
    /// <summary>The labels of the namespace that it goes to.</summary>
    public JsonObject? NamespaceLabels { get; init; } = new() { ["app.kubernetes.io/part-of"] = "ebb-previews" };

    public JsonNode ToJson()
    {
        var (name, ns) = ((Object ?? Before)!["metadata"]!["name"]!.GetValue<string>(), (Object ?? Before)!["metadata"]!["namespace"]?.GetValue<string>());
        var parts = Kind.Split('.', 2);
        return new JsonObject
        {
            ["request"] = new JsonObject
            {
                ["userInfo"] = new JsonObject { ["username"] = $"system:serviceaccount:ebb:{Account}" },
                ["operation"] = Operation,
                ["resource"] = new JsonObject { ["group"] = parts.Length > 1 ? parts[1] : "", ["version"] = "v1", ["resource"] = parts[0] },
                ["name"] = name,
                ["namespace"] = ns ?? (Kind == "namespaces" ? name : ""),
            },
            ["object"] = Object?.DeepClone(),
            ["oldObject"] = Before?.DeepClone(),
            ["namespaceObject"] = ns is null ? null : new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns, ["labels"] = NamespaceLabels?.DeepClone() } },
        };
    }
}
