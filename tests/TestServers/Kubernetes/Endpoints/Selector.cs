using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.TestServers.Kubernetes.Endpoints;

/// <summary>Label and field selectors (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering).</summary>
internal sealed partial class Selector
{
    private readonly List<Func<JsonObject, bool>> _conditions = [];

    public bool Matches(JsonObject item) => _conditions.TrueForAll(condition => condition(item));

    public static Selector Of(ApiRequest request)
    {
        var selector = new Selector();
        selector.AddLabels(request.Query("labelSelector") ?? "");
        selector.AddFields(request.Resource!, request.Query("fieldSelector") ?? "");
        return selector;
    }

    private void AddLabels(string text)
    {
        var rest = text.Trim();
        while (rest.Length > 0)
        {
            var match = Requirement().Match(rest);
            if (!match.Success)
            {
                throw ApiException.BadRequest($"unable to parse requirement: found '{rest}'");
            }

            var (key, operation) = (match.Groups["key"].Value, match.Groups["op"].Value);
            var values = match.Groups["set"].Success ? match.Groups["set"].Value.Split(',', StringSplitOptions.TrimEntries) : [match.Groups["value"].Value];
            _conditions.Add(operation switch
            {
                "=" or "==" or "in" => item => item.Label(key) is { } label && values.Contains(label),
                "!=" or "notin" => item => item.Label(key) is not { } label || !values.Contains(label),
                _ when match.Groups["not"].Success => item => item.Label(key) is null,
                _ => item => item.Label(key) is not null,
            });
            rest = rest[match.Length..].TrimStart(',', ' ');
        }
    }

    private void AddFields(ApiResource resource, string text)
    {
        foreach (var requirement in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = !requirement.Contains("!=", StringComparison.Ordinal);
            var parts = requirement.Split(["!=", "==", "="], 2, StringSplitOptions.TrimEntries);
            var read = parts[0] switch
            {
                "metadata.name" => ObjectJson.Name,
                "metadata.namespace" => item => item.Namespace() ?? "",
                "status.phase" when resource.Plural is "pods" or "namespaces" => item => item.Child("status").Text("phase") ?? "",
                "spec.nodeName" when resource.Plural == "pods" => item => item.Child("spec").Text("nodeName") ?? "",
                "type" when resource.Plural == "secrets" => item => item.Text("type") ?? "",
                "involvedObject.name" when resource.Plural == "events" => item => item.Child("involvedObject").Text("name") ?? "",
                "involvedObject.kind" when resource.Plural == "events" => item => item.Child("involvedObject").Text("kind") ?? "",
                "involvedObject.uid" when resource.Plural == "events" => (Func<JsonObject, string>)(item => item.Child("involvedObject").Text("uid") ?? ""),
                _ => throw ApiException.BadRequest($"field label not supported: {parts[0]}"),
            };
            _conditions.Add(item => read(item) == parts[1] == equal);
        }
    }

    [GeneratedRegex(@"^\s*(?<not>!)?(?<key>[A-Za-z0-9./_-]+)\s*((?<op>==|=|!=)\s*(?<value>[A-Za-z0-9._-]*)|(?<op>in|notin)\s*\((?<set>[^)]*)\))?(?=\s*(,|$))", RegexOptions.ExplicitCapture)]
    private static partial Regex Requirement();
}
