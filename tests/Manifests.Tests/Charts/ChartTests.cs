using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ebb.Worker;
using Json.Schema;

namespace Ebb.Manifests.Tests.Charts;

/// <summary>The Helm chart is the kustomize output by another way, and refuses what the generator refuses.</summary>
public sealed partial class ChartTests
{
    [Theory]
    [InlineData("postgresql", "infra/base")]
    [InlineData("sqlite", "infra/overlays/all-in-one")]
    public async Task Chart_Defaults_RenderWhatKustomizeDoes(string kind, string folder) =>
        Same(RenderedChart.Render(RenderedChart.Product, ("storage.kind", kind)), await Kustomization.BuildAsync(folder));

    [Theory]
    [InlineData("postgresql", "configured/infra/base")]
    [InlineData("sqlite", "configured/infra/overlays/all-in-one")]
    public async Task Chart_EveryAppTurnedOn_RendersWhatKustomizeDoes(string kind, string folder) =>
        Same(RenderedChart.Render(RenderedChart.Files(Configured.Settings), ("storage.kind", kind)), await Kustomization.BuildAsync(folder));

    [Fact]
    public void Chart_Committed_IsWhatTheFunctionsSay()
    {
        var directory = Path.Combine(Repository.Root, "infra/chart");
        foreach (var (path, content) in RenderedChart.Product)
        {
            File.ReadAllText(Path.Combine(directory, path)).ShouldBe(content, $"{path}; ./dev manifests writes it anew");
        }

        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(directory, path))
            .ShouldBe(RenderedChart.Product.Keys, ignoreOrder: true);
    }

    [Fact]
    public void Values_Defaults_FitTheSchema() => Fits(RenderedChart.Values(RenderedChart.Product)).ShouldBeTrue();

    [Theory]
    [InlineData("image.tagg", "\"1\"")]
    [InlineData("storage.kind", "\"file\"")]
    [InlineData("image.tag", "\"1\\\"\\n\"")]
    [InlineData("image.tag", "14")]
    [InlineData("storage.postgresql.address", "\"u:p@db/ebb\"")]
    [InlineData("secrets.pull", "{\"password\":\"x\"}")]
    [InlineData("secrets.signingKey", "\"x\"")]
    [InlineData("apps.webhooks.settings", "{\"A B\":\"x\"}")]
    [InlineData("apps.webhooks.settings", "{\"A\":1}")]
    [InlineData("apps.webhooks.replicas", "3")]
    public void Values_NotOfTheSchema_AreRefused(string path, string value) =>
        Fits(RenderedChart.Values(RenderedChart.Product, (path, JsonNode.Parse(value)!))).ShouldBeFalse();

    [Theory]
    [InlineData("Vault__Token", "x", "is a secret")]
    [InlineData("Other__Place", "https://u:p@example.com", "a URL with a password")]
    [InlineData("ImageMirror__Schedule", "0 0 2 * * *", "changes more than the pod")]
    [InlineData("imagemirror__schedule", "0 0 2 * * *", "changes more than the pod")]
    [InlineData("Storage__PasswordFile", "/x", "changes more than the pod")]
    [InlineData("EtcdBackup__Source", "etcd", "changes more than the pod")]
    [InlineData("PrPreview__Domain", "preview.example.com", "changes more than the pod")]
    public void Settings_ThatTheGeneratorRefusesOrThatChangeOtherDocuments_EndTheInstallation(string name, string value, string why) =>
        Should.Throw<InvalidOperationException>(() => RenderedChart.Render(RenderedChart.Product, ("apps.imageMirror.settings", new JsonObject { [name] = value })))
            .Message.ShouldSatisfyAllConditions(message => message.ShouldContain(why), message => message.ShouldContain("apps.imageMirror.settings." + name));

    [Fact]
    public void Release_InAnotherNamespace_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => new ChartRenderer(RenderedChart.Values(RenderedChart.Product), "other").Render(RenderedChart.Product["templates/refusals.yaml"]))
            .Message.ShouldContain("--namespace ebb");

    [Theory]
    [InlineData("Manifests:Namespace", "other", "in another one")]
    [InlineData("Manifests:Tag", "latest", "must be SemVer")]
    public void Chart_ForWhatItCannotBe_IsRefused(string key, string value, string why) =>
        Should.Throw<HostStartException>(() => RenderedChart.Files((key, value))).Problems.ShouldHaveSingleItem().ShouldContain(why);

    [Fact]
    public void Settings_WhateverTheyHold_StayOneValue()
    {
        const string hostile = "x\"\n            - name: EVIL\n              value: {{ .Values.host }} # '\\";
        var pod = RenderedChart.Render(RenderedChart.Product, ("apps.webhooks.settings", new JsonObject { ["Other__Text"] = hostile }))
            .Single(document => document.ToString() == "Deployment/webhooks").Containers.Single();
        pod["env"]!.AsArray().Single(entry => entry!["name"]!.GetValue<string>() == "Other__Text")!["value"]!.GetValue<string>().ShouldBe(hostile);
        pod["env"]!.AsArray().ShouldNotContain(entry => entry!["name"]!.GetValue<string>() == "EVIL");
    }

    [Fact]
    public void Values_Given_StandWhereTheyBelong()
    {
        var rendered = RenderedChart.Render(RenderedChart.Product, ("image.registry", "registry.corp.example/ebb"), ("image.tag", "2.0.0"), ("host", "ebb.corp.example"),
            ("storage.postgresql.address", "db:5432/work"), ("storage.postgresql.cluster", "db"), ("secrets.functionKeys", "keys"), ("secrets.pull", "robot"), ("externalSecrets.enabled", false), ("images", "images: []"));
        var text = string.Concat(rendered.Select(document => document.Json.ToJsonString(Plain)));
        text.ShouldSatisfyAllConditions(
            all => all.ShouldContain("registry.corp.example/ebb/webhooks:2.0.0"), all => all.ShouldContain("registry.corp.example/ebb/scaler:2.0.0"),
            all => all.ShouldContain("postgres://ebb_webhooks@db:5432/work"), all => all.ShouldContain("postgres://ebb_scaler@db:5432/work"),
            all => all.ShouldContain("\"secretName\":\"db-scaler\""), all => all.ShouldContain("\"secretName\":\"keys\""),
            all => all.ShouldNotContain("example.com/"), all => all.ShouldNotContain("ebb-postgres"), all => all.ShouldNotContain("ebb-pull"), all => all.ShouldNotContain("ExternalSecret"));
    }

    [Theory]
    [InlineData("{{ include \"a\" . }}")]
    [InlineData("{{ .Values.host | upper }}")]
    [InlineData("{{ .Values.absent }}")]
    [InlineData("{{ with .Values.host }}x{{ end }}")]
    public void Renderer_ConstructThatItDoesNotKnow_IsAnError(string template) =>
        Should.Throw<FormatException>(() => new ChartRenderer(RenderedChart.Values(RenderedChart.Product)).Render(template));

    [Fact]
    public void Notes_Render() =>
        new ChartRenderer(RenderedChart.Values(RenderedChart.Product)).Render(RenderedChart.Product["templates/NOTES.txt"]).ShouldContain("job/ebb-storage-1");

    private static JsonSerializerOptions Plain { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool Fits(JsonObject values) => JsonSchema.FromText(RenderedChart.Product["values.schema.json"]).Evaluate(JsonSerializer.SerializeToElement(values)).IsValid;

    private static void Same(IReadOnlyList<KubeObject> chart, IReadOnlyList<KubeObject> kustomize)
    {
        chart.Select(Normal).Order(StringComparer.Ordinal).ShouldBe(kustomize.Where(document => document.Kind != "Namespace").Select(Normal).Order(StringComparer.Ordinal));
    }

    // Apart on purpose: kustomize puts a hash behind the names of ConfigMaps, a release has its own Job, and a volume outlives the release.
    private static string Normal(KubeObject document)
    {
        var copy = document.Json.DeepClone().AsObject();
        if (document.Kind == "Job")
        {
            copy["metadata"]!["name"] = "ebb-storage";
        }

        if (document.Kind == "PersistentVolumeClaim")
        {
            copy["metadata"]!.AsObject().Remove("annotations");
        }

        return $"{document.Kind} {Hash().Replace(Sorted(copy)!.ToJsonString(Plain), "$1")}";
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject mapping => new JsonObject(mapping.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray sequence => new JsonArray([.. sequence.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("(\"name\":\"[a-z-]+-(?:host|roles|images))-[a-z0-9]{10}(?=\")")]
    private static partial Regex Hash();
}
