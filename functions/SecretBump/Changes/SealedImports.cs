using System.Security.Cryptography;
using Ebb.Age;
using Ebb.Contracts.Images;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>Opens what the door sealed, and checks it as strictly as the door did.</summary>
public sealed class SealedImports(BumpOptions options)
{
    /// <exception cref="ChangeException">It cannot be opened, or is not what it should be.</exception>
    internal async Task<ImportedSecrets> OpenAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        if (options.ImportIdentityFile is not { } file)
        {
            throw new ChangeException(
                FailureKind.Failed, "no-identity", "the worker has no key to open imports with", "Set SecretBump:ImportIdentityFile to the file whose public key the door has as SecretBump:ImportRecipient.");
        }

        var content = Open(request.Sealed, await IdentitiesAsync(file, cancellationToken));
        try
        {
            var problems = new ListProblems();
            using var import = ImportReader.Read(content, problems);
            return import?.Application == request.Application ? import.ToSecrets() : throw new ChangeException(
                FailureKind.Unprocessable, "import", $"what was sealed is no import for '{request.Application}'{string.Concat(problems.Messages.Select(problem => $"; {problem}"))}", "Import through the door, which checks before it seals.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    // Read each time, so that a key can be replaced.
    private static async Task<IReadOnlyList<AgeIdentity>> IdentitiesAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await AgeIdentityFile.ReadAsync(file, cancellationToken)).Identities;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ChangeException(FailureKind.Failed, "no-identity", $"SecretBump:ImportIdentityFile cannot be read: {unreadable.Message}", "Give the file that age-keygen wrote.", unreadable);
        }
    }

    private static byte[] Open(string box, IReadOnlyList<AgeIdentity> identities)
    {
        try
        {
            foreach (var identity in identities.SkipLast(1))
            {
                try
                {
                    return AgeBox.Open(identity, box);
                }
                catch (AgeException)
                {
                    // For the next one, perhaps: an old key is kept beside a new one while boxes sealed to it are under way.
                }
            }

            return AgeBox.Open(identities[^1], box);
        }
        catch (AgeException e)
        {
            throw new ChangeException(FailureKind.Failed, "sealed", $"the import cannot be opened: {e.Message}", "Do SecretBump:ImportRecipient and SecretBump:ImportIdentityFile belong together?", e);
        }
        finally
        {
            foreach (var identity in identities)
            {
                identity.Dispose();
            }
        }
    }
}
