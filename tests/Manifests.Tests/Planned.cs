using System.Text.Json.Nodes;
using Ebb.EtcdBackup;
using Ebb.ImageMirror;
using Ebb.Manifests.Tests.Schemas;
using Ebb.PrPreview;
using Ebb.SecretBump;
using Ebb.Webhooks;
using Ebb.Worker;

namespace Ebb.Manifests.Tests;

/// <summary>Generates in memory.</summary>
internal static class Planned
{
    public const string HostJson = """{ "version": "2.0", "functionTimeout": "00:10:00", "extensions": { "queues": { "batchSize": 8 } } }""";

    public static IReadOnlyList<IFunctionApp> Product { get; } = [new WebhooksApp(), new ImageMirrorApp(), new EtcdBackupApp(), new PrPreviewApp(), new SecretBumpApp()];

    public static IReadOnlyList<PlannedApp> Apps(IReadOnlyList<IFunctionApp> apps, string hostJson, params (string Key, string Value)[] settings) =>
        AppPlanner.Plan(apps, settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value), hostJson, "host.json");

    public static IReadOnlyDictionary<string, string> Files(IReadOnlyList<IFunctionApp> apps, string hostJson, params (string Key, string Value)[] settings) =>
        AppManifests.Of(Apps(apps, hostJson, settings)).All;

    public static JsonNode Document(this IReadOnlyDictionary<string, string> files, string path) => YamlReading.Documents(files[path]).ShouldHaveSingleItem();

    public static IReadOnlyDictionary<string, string> Environment(this JsonNode deployment) =>
        deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray()
            .ToDictionary(entry => entry!["name"]!.GetValue<string>(), entry => entry!["value"]!.GetValue<string>());
}
