using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests;

public sealed class GaugesTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();
    private IHostStorage _storage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _storage = await HostStorage.OpenAsync(new HostStorageOptions { Storage = $"sqlite:{_folder.Database}" }, TimeProvider.System, NullLoggerFactory.Instance, Token);

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Publish_Twice_ReplacesWhatThePublisherSaidBefore()
    {
        await Gauges.PublishAsync(_storage.Documents, "etcd/prod", [Of("ebb_a", 1), Of("ebb_b", 2)], Token);
        await Gauges.PublishAsync(_storage.Documents, "etcd/test", [Of("ebb_c", 3)], Token);
        await Gauges.PublishAsync(_storage.Documents, "etcd/prod", [Of("ebb_a", 4)], Token);

        (await Gauges.ReadAsync(_storage.Documents, Token)).Select(gauge => (gauge.Name, gauge.Value, gauge.Labels["cluster"]))
            .ShouldBe([("ebb_a", 4, "prod"), ("ebb_c", 3, "prod")]);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("ebb_A")]
    [InlineData("ebb_a\nebb_b 1")]
    [InlineData("ebb_")]
    public async Task Publish_NoNameOfAMetric_IsRefused(string name) =>
        await Should.ThrowAsync<ArgumentException>(() => Gauges.PublishAsync(_storage.Documents, "x", [Of(name, 1)], Token));

    [Theory]
    [InlineData("{}")]
    [InlineData("[{\"name\":\"ebb_a b\",\"help\":\"\",\"value\":1,\"labels\":{}}]")]
    [InlineData("[{\"name\":null}]")]
    public async Task Read_WhatIsNoGauge_IsLeftOut(string json)
    {
        await _storage.Documents.PutAsync(Gauges.KeyPrefix + "x", json, null, Token);
        await Gauges.PublishAsync(_storage.Documents, "y", [Of("ebb_a", 1)], Token);

        (await Gauges.ReadAsync(_storage.Documents, Token)).ShouldHaveSingleItem().Name.ShouldBe("ebb_a");
    }

    private static Gauge Of(string name, double value) => new(name, "Help.", value, new Dictionary<string, string> { ["cluster"] = "prod" });
}
