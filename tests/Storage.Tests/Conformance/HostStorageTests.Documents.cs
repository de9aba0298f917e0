namespace Ebb.Storage.Tests.Conformance;

public abstract partial class HostStorageTests
{
    [Fact]
    public async Task PutAsync_Document_IsReadBackAsWritten()
    {
        const string Value = "{ \"a\" : \"ü\\u0041\" }";

        var version = (await Storage.Documents.PutAsync("apps/a@1:x_y.z-1", Value, null, default)).ShouldNotBeNull();
        await ReopenAsync();

        (await Storage.Documents.GetAsync("apps/a@1:x_y.z-1", default)).ShouldBe(
            new Document("apps/a@1:x_y.z-1", Value, version, Time.GetUtcNow()));
        version.ShouldBeGreaterThanOrEqualTo(1);
        (await Storage.Documents.GetAsync("apps/b", default)).ShouldBeNull();
    }

    [Fact]
    public async Task PutAsync_Expectation_DecidesWhetherItIsWritten()
    {
        (await Storage.Documents.PutAsync("k", "0", 7, default)).ShouldBeNull();
        var first = (await Storage.Documents.PutAsync("k", "1", 0, default)).ShouldNotBeNull();
        (await Storage.Documents.PutAsync("k", "2", 0, default)).ShouldBeNull();
        (await Storage.Documents.PutAsync("k", "2", first + 1, default)).ShouldBeNull();
        var second = (await Storage.Documents.PutAsync("k", "2", first, default)).ShouldNotBeNull();
        var third = (await Storage.Documents.PutAsync("k", "3", null, default)).ShouldNotBeNull();

        second.ShouldBeGreaterThan(first);
        third.ShouldBeGreaterThan(second);
        (await Storage.Documents.GetAsync("k", default))!.Value.ShouldBe("3");
    }

    [Fact]
    public async Task DeleteAsync_Expectation_DecidesWhetherItIsDeleted()
    {
        (await Storage.Documents.DeleteAsync("k", null, default)).ShouldBeFalse();
        (await Storage.Documents.DeleteAsync("k", 0, default)).ShouldBeFalse();
        var version = (await Storage.Documents.PutAsync("k", "1", null, default)).ShouldNotBeNull();
        (await Storage.Documents.DeleteAsync("k", version + 1, default)).ShouldBeFalse();
        (await Storage.Documents.DeleteAsync("k", version, default)).ShouldBeTrue();

        (await Storage.Documents.GetAsync("k", default)).ShouldBeNull();
    }

    [Fact]
    public async Task DeleteAsync_ThenPut_NeverUsesAVersionAgain()
    {
        var first = (await Storage.Documents.PutAsync("k", "1", null, default)).ShouldNotBeNull();
        await Storage.Documents.DeleteAsync("k", null, default);
        await ReopenAsync();

        var second = (await Storage.Documents.PutAsync("k", "1", 0, default)).ShouldNotBeNull();

        second.ShouldBeGreaterThan(first);
        (await Storage.Documents.PutAsync("k", "2", first, default)).ShouldBeNull();
    }

    [Fact]
    public async Task PutAsync_CompareAndSetFromManyCallers_LosesNoIncrement()
    {
        await Storage.Documents.PutAsync("n", "0", null, default);

        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancellationToken) =>
        {
            while (true)
            {
                var document = (await Storage.Documents.GetAsync("n", cancellationToken)).ShouldNotBeNull();
                var value = $"{int.Parse(document.Value) + 1}";
                if (await Storage.Documents.PutAsync("n", value, document.Version, cancellationToken) is not null)
                    return;
            }
        });

        (await Storage.Documents.GetAsync("n", default))!.Value.ShouldBe("100");
    }

    [Fact]
    public async Task ListAsync_Prefix_YieldsThoseByKey()
    {
        foreach (var key in new[] { "b/2", "a/1", "b/10", "b", "c/1", "B/1", "b/z" })
            await Storage.Documents.PutAsync(key, "1", null, default);

        (await Storage.Documents.ListAsync("b/", default)).Select(document => document.Key).ShouldBe(["b/10", "b/2", "b/z"]);
        (await Storage.Documents.ListAsync("", default)).Select(document => document.Key).ShouldBe(["B/1", "a/1", "b", "b/10", "b/2", "b/z", "c/1"]);
        (await Storage.Documents.ListAsync("x", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task PutAsync_KeysAndValuesAtTheirLimits_AreAcceptedAndNothingBeyond()
    {
        await Storage.Documents.PutAsync(new string('k', 512), new string('v', 1024 * 1024), null, default);

        foreach (var key in new[] { "", new string('k', 513), "a b", "ü", "a\\b" })
            await Should.ThrowAsync<ArgumentException>(async () => await Storage.Documents.PutAsync(key, "1", null, default));
        await Should.ThrowAsync<ArgumentException>(async () => await Storage.Documents.PutAsync("k", new string('v', (1024 * 1024) + 1), null, default));
    }
}
