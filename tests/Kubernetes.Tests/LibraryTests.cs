using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Ebb.Kubernetes.Tests;

/// <summary>What KubernetesClient gives us, and why its calls are not taken (infra/docs/decisions/0035): a test that fails says that this has changed.</summary>
public sealed class LibraryTests
{
    [Theory]
    [InlineData("../../../namespaces/kube-system/secrets/admin")]
    [InlineData("web/log?previous=true")]
    public async Task Call_NameThatLeadsElsewhere_IsPutIntoThePathAsItIs(string name)
    {
        var library = new Recorder();

        await library.CoreV1.ReadNamespacedSecretAsync(name, "shop", cancellationToken: TestContext.Current.CancellationToken);

        library.Paths.ShouldBe([$"api/v1/namespaces/shop/secrets/{name}"]);
        Should.Throw<ArgumentException>(() => ResourceTypes.Secrets.Named("shop", name));
    }

    [Fact]
    public async Task Call_ListOfSeveralPages_IsTheFirstOfThem()
    {
        var library = new Recorder();

        await library.CoreV1.ListNamespacedPodAsync("shop", cancellationToken: TestContext.Current.CancellationToken);

        library.Paths.Count.ShouldBe(1);
    }

    [Fact]
    public void Model_UnknownField_IsLostAndStaysInTheJson()
    {
        var secret = new KubernetesObject(new JsonObject { ["kind"] = "Secret", ["newer"] = true });

        JsonSerializer.Serialize(secret.As(KubernetesModels.Default.V1Secret), KubernetesModels.Default.V1Secret).ShouldBe("""{"kind":"Secret"}""");
        secret.Json.Flag("newer").ShouldBeTrue();
    }

    // The server writes the zero time as null (metav1.Time), which the library's V1Condition does not read.
    [Fact]
    public void Condition_WithoutATime_IsRead()
    {
        var item = new KubernetesObject(JsonNode.Parse("""{"status":{"conditions":[{"type":"Ready","status":"True","lastTransitionTime":null}]}}""")!.AsObject());

        item.Condition("Ready").ShouldBe(new Condition("Ready", "True", "", ""));
    }

    [Theory]
    [InlineData(typeof(V1ObjectMeta), """
        {"annotations":{"a":"b"},"creationTimestamp":"2026-11-25T12:00:00Z","deletionGracePeriodSeconds":30,"deletionTimestamp":"2026-11-25T12:00:01Z","finalizers":["f"],
         "generation":3,"labels":{"c":"d"},"managedFields":[{"apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{".":{},"f:a":{}}},"manager":"ebb","operation":"Apply"}],
         "name":"n","namespace":"shop","ownerReferences":[{"apiVersion":"v1","controller":true,"kind":"K","name":"o","uid":"u"}],"resourceVersion":"7","uid":"x"}
        """)]
    [InlineData(typeof(V1Secret), """{"apiVersion":"v1","data":{"a":"YQ=="},"immutable":true,"kind":"Secret","metadata":{"name":"n"},"type":"Opaque"}""")]
    [InlineData(typeof(V1DeleteOptions), """{"apiVersion":"v1","gracePeriodSeconds":0,"kind":"DeleteOptions","preconditions":{"resourceVersion":"7","uid":"x"},"propagationPolicy":"Foreground"}""")]
    public void Model_OfEachKind_IsWrittenAsItWasRead(Type model, string json)
    {
        var info = KubernetesModels.Default.GetTypeInfo(model).ShouldNotBeNull();

        var written = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(json, info), info);

        JsonNode.DeepEquals(written, JsonNode.Parse(json)).ShouldBeTrue(written?.ToJsonString());
    }

    /// <summary>The library's calls over a server that always has more pages.</summary>
    private sealed class Recorder : AbstractKubernetes
    {
        public List<string> Paths { get; } = [];

        protected override Task<HttpResponseMessage> SendRequest<T>(
            string relativeUri, HttpMethod method, IReadOnlyDictionary<string, IReadOnlyList<string>> customHeaders, T body, CancellationToken cancellationToken)
        {
            Paths.Add(relativeUri);
            return Task.FromResult(new HttpResponseMessage());
        }

        protected override Task<HttpOperationResponse<T>> CreateResultAsync<T>(
            HttpRequestMessage httpRequest, HttpResponseMessage httpResponse, bool? watch, CancellationToken cancellationToken) => Task.FromResult(new HttpOperationResponse<T>
            {
                Request = httpRequest,
                Response = httpResponse,
                Body = JsonSerializer.Deserialize<T>("""{"metadata":{"continue":"more"},"items":[{"metadata":{"name":"a"}}]}""")!,
            });
    }
}
