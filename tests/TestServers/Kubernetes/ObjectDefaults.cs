using System.Text;
using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes.Schemas;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Fills in what was left out (kubernetes, pkg/apis/…/defaults.go; structural defaulting for custom resources).</summary>
internal static class ObjectDefaults
{
    public static void Complete(ApiResource resource, JsonObject item, JsonObject? live)
    {
        SchemaCheck.Complete(item, resource.Schema);
        switch (resource.Kind)
        {
            case "Secret":
                MoveStringData(item);
                Default(item, "type", "Opaque");
                break;
            case "Namespace" when live is null:
                // The namespace's own name as a label, and the finalizer of the controller that empties it.
                Labels(item)["kubernetes.io/metadata.name"] = item.Name();
                item["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
                item["status"] = new JsonObject { ["phase"] = "Active" };
                break;
            case "Namespace":
                Labels(item)["kubernetes.io/metadata.name"] = item.Name();
                break;
            case "Deployment" when item["spec"] is JsonObject spec:
                Default(spec, "replicas", 1);
                Default(spec, "progressDeadlineSeconds", 600);
                Default(spec, "revisionHistoryLimit", 10);
                CompletePod(spec.Child("template").Child("spec"));
                break;
            case "StatefulSet" when item["spec"] is JsonObject spec:
                Default(spec, "replicas", 1);
                CompletePod(spec.Child("template").Child("spec"));
                break;
            case "DaemonSet":
                CompletePod(item.Child("spec").Child("template").Child("spec"));
                break;
            case "Pod":
                CompletePod(item.Child("spec"));
                if (live is null)
                {
                    item["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };
                }

                break;
        }
    }

    private static void CompletePod(JsonObject? spec)
    {
        if (spec is null)
        {
            return;
        }

        Default(spec, "restartPolicy", "Always");
        Default(spec, "terminationGracePeriodSeconds", 30);
        Default(spec, "dnsPolicy", "ClusterFirst");
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            var image = container.Text("image") ?? "";
            Default(container, "imagePullPolicy", image.EndsWith(":latest", StringComparison.Ordinal) || !image.Contains(':', StringComparison.Ordinal) ? "Always" : "IfNotPresent");
            Default(container, "terminationMessagePath", "/dev/termination-log");
            Default(container, "terminationMessagePolicy", "File");
            foreach (var port in container.Objects("ports"))
            {
                Default(port, "protocol", "TCP");
            }
        }
    }

    private static void MoveStringData(JsonObject item)
    {
        if (item["stringData"] is not JsonObject texts)
        {
            return;
        }

        if (item["data"] is not JsonObject data)
        {
            item["data"] = data = [];
        }

        foreach (var (name, value) in texts.Where(entry => entry.Value is not null))
        {
            data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value!.GetValue<string>()));
        }

        item.Remove("stringData");
    }

    private static JsonObject Labels(JsonObject item)
    {
        if (item.Metadata()["labels"] is not JsonObject labels)
        {
            item.Metadata()["labels"] = labels = [];
        }

        return labels;
    }

    private static void Default(JsonObject json, string name, JsonNode value)
    {
        if (json[name] is null)
        {
            json[name] = value;
        }
    }
}
