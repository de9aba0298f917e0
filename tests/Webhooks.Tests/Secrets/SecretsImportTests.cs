using System.Net;
using System.Text;
using System.Text.Json;
using Ebb.Age;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.Secrets;
using Ebb.Webhooks.Secrets;

namespace Ebb.Webhooks.Tests.Secrets;

public sealed class SecretsImportTests
{
    private const string Import = """{"application":"shop","environments":{"dev":{"PASSWORD":"a-value-that-nobody-may-find"}},"dryRun":false}""";

    [Fact]
    public async Task Import_Accepted_IsSealedAndNowhereReadable()
    {
        using var identity = AgeIdentity.Generate();
        await using var door = await SecretsDoor.OpenAsync($"--SecretBump:ImportRecipient={identity.Recipient}");

        (await door.PostAsync("/api/secrets/import", Import)).Status.ShouldBe(HttpStatusCode.Accepted);

        var queued = (await door.QueuedAsync(Queues.SecretChanges)).ShouldHaveSingleItem();
        var message = JsonSerializer.Deserialize(queued, ContractsJson.Default.SecretChange).ShouldBeOfType<ImportRequest>();
        Encoding.UTF8.GetString(AgeBox.Open(identity, message.Sealed)).ShouldContain("a-value-that-nobody-may-find");
        await door.StopAsync();
        foreach (var file in Directory.EnumerateFiles(door.StorageFolder))
        {
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).ShouldNotContain("nobody-may-find", customMessage: file);
        }
    }

    [Fact]
    public async Task Import_NoPublicKey_IsOff()
    {
        await using var door = await SecretsDoor.OpenAsync();

        var (status, body) = await door.PostAsync("/api/secrets/import", Import);

        status.ShouldBe(HttpStatusCode.NotImplemented);
        ((string)body["detail"]!).ShouldContain("SecretBump:ImportRecipient");
    }

    [Fact]
    public async Task Import_Mistakes_AreNamedWithoutValues()
    {
        using var identity = AgeIdentity.Generate();
        await using var door = await SecretsDoor.OpenAsync($"--SecretBump:ImportRecipient={identity.Recipient}");

        var (status, body) = await door.PostAsync("/api/secrets/import", """{"application":"shop","environments":{"dev":{"A":"hidden","A":"hidden","B":null}}}""");

        status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)body["detail"]!).Split('\n').Select(line => line.Split(": ")[0]).ShouldBe(["environments.dev.A", "environments.dev.B"]);
        body.ToJsonString().ShouldNotContain("hidden");
        (await door.QueuedAsync(Queues.SecretChanges)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Import_KeyOfAnotherApplication_Is403()
    {
        using var identity = AgeIdentity.Generate();
        await using var door = await SecretsDoor.OpenAsync($"--SecretBump:ImportRecipient={identity.Recipient}");

        (await door.PostAsync("/api/secrets/import", Import.Replace("shop", "till", StringComparison.Ordinal), SecretsDoor.ShopKey)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_Sealed_LeavesNoValueInMemory(bool lengthIsKnown)
    {
        using var identity = AgeIdentity.Generate();
        using var door = new MaskedImport();

        await SealAsync(door, identity.Recipient, lengthIsKnown);

        door.CopiesInMemory().ShouldBe(0);
    }

    private static async Task SealAsync(MaskedImport import, AgeRecipient recipient, bool lengthIsKnown)
    {
        var problems = new ListProblems();
        using var body = (await ZeroedBuffer.ReadAsync(import, lengthIsKnown ? import.Length : null, ImportReader.MaxBytes, TestContext.Current.CancellationToken))!;
        using var read = ImportReader.Read(body.Written, problems)!;
        SecretsImport.Seal(recipient, read).Sealed.ShouldNotBeEmpty(string.Join('\n', problems.Messages));
        import.CopiesInMemory().ShouldBeGreaterThan(0, "the scan finds what is there");
    }
}
