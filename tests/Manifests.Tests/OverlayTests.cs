using System.Text.Json.Nodes;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests;

/// <summary>Every folder that people apply is built by kubectl, and every document of it is what its kind allows.</summary>
public sealed class OverlayTests
{
    public static TheoryData<string> Folders { get; } =
    [
        "infra/overlays/all-in-one", "infra/overlays/standard", "infra/overlays/talos", "infra/overlays/http-add-on",
        "configured/infra/overlays/all-in-one", "configured/infra/overlays/talos", "configured/infra/overlays/http-add-on",
        "infra/argocd", "infra/policies", "infra/policies/kyverno-1.19", "infra/monitoring/prometheus", "infra/monitoring/victoriametrics", "infra/monitoring/grafana",
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Folder_CustomResources_FitTheirCrdOrTheHandWrittenSchemaWhereNoCrdIsToBeHad(string folder)
    {
        var schemas = new SchemaIndex(Repository.Crds);
        (await Kustomization.BuildAsync(folder)).Where(document => !document.IsCore).SelectMany(schemas.Problems).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Folder_CoreObjects_FitTheModelsOfTheOfficialClient(string folder)
    {
        var core = (await Kustomization.BuildAsync(folder)).Where(document => document.IsCore).Select(document => document.Json.DeepClone());
        var (code, output, error) = await Repository.RunAsync(
            Repository.Python, new JsonArray([.. core]).ToJsonString(), Path.Combine(AppContext.BaseDirectory, "Data/core_schema.py"));
        code.ShouldBe(0, error);
        output.ShouldBeEmpty();
    }

    [Fact]
    public void Folders_Listed_AreAllOverlaysThereAre() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "infra/overlays")).Select(path => $"infra/overlays/{Path.GetFileName(path)}")
            .Except(Folders.Select(row => row.Data)).ShouldBeEmpty();

    [Fact]
    public async Task CoreModels_WrongObject_NamesEveryMistake()
    {
        const string wrong = """
            [{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x"},
              "spec":{"selectr":{},"replicas":"2","template":{"spec":{"containers":[{"image":"x","imge":1}]}}}}]
            """;
        var (_, output, error) = await Repository.RunAsync(Repository.Python, wrong, Path.Combine(AppContext.BaseDirectory, "Data/core_schema.py"));
        error.ShouldBeEmpty();
        output.ShouldSatisfyAllConditions(
            text => text.ShouldContain("selectr: V1DeploymentSpec has no such field"),
            text => text.ShouldContain("replicas: '2' is no int"),
            text => text.ShouldContain("imge: V1Container has no such field"),
            text => text.ShouldContain("`selector`, must not be `None`"));
    }
}
