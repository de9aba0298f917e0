using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>A condition in an object's status (Kubernetes API conventions, "Typical status properties").</summary>
/// <param name="Type">What it is about: <c>Ready</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">One word for programs; may be empty.</param>
/// <param name="Message">A sentence for people; may be empty.</param>
public sealed record Condition(string Type, string Status, string Reason, string Message)
{
    /// <summary>Whether the condition holds.</summary>
    public bool IsTrue => Status == "True";

    internal static Condition Of(JsonObject json) =>
        new(json.Text("type") ?? "", json.Text("status") ?? "", json.Text("reason") ?? "", json.Text("message") ?? "");
}
