using System.Text.Json.Serialization;
using Ebb.Contracts.Images;

namespace Ebb.Contracts.Secrets;

/// <summary>Asks SecretBump for one change of an application's secrets. Changes of one application are made in the order they were accepted.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "change")]
[JsonDerivedType(typeof(BumpRequest), "bump")]
[JsonDerivedType(typeof(RollbackRequest), "rollback")]
[JsonDerivedType(typeof(PinRequest), "pin")]
[JsonDerivedType(typeof(UnpinRequest), "unpin")]
[JsonDerivedType(typeof(ApproveRequest), "approve")]
[JsonDerivedType(typeof(ImportRequest), "import")]
public abstract record SecretChange
{
    /// <summary>How a message asks for it, which names its change.</summary>
    public static Command<SecretChange> Command { get; } = CommandReadBy(SecretChangeReader.ReadMessage);

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>How a request asks for it whose path names the change: <c>bump</c>, <c>rollback</c>, <c>pin</c>, <c>unpin</c>, <c>approve</c>.</summary>
    public static Command<SecretChange> CommandOf(string change) => CommandReadBy((text, problems) => SecretChangeReader.Read(change, text, problems));

    // The changes of one application are made in the order they were accepted; one that only looks waits for none.
    private static Command<SecretChange> CommandReadBy(Func<string, ListProblems, SecretChange?> read) => new(Queues.SecretChanges, ContractsJson.Default.SecretChange, read)
    {
        MaxBytes = SecretChangeReader.MaxBytes,
        SequenceKey = change => change is BumpRequest { DryRun: true } or RollbackRequest { DryRun: true } or ImportRequest { DryRun: true } ? null : change.Application,
    };
}

/// <summary>Writes a new tag into the application's environments and follows it to a healthy rollout.</summary>
public sealed record BumpRequest : SecretChange
{
    /// <summary>The tag.</summary>
    [JsonPropertyName("new_tag")]
    public required string NewTag { get; init; }

    /// <summary>The environments; null means those of <c>SecretBump:DefaultEnvironments</c>, or all that the application has.</summary>
    public IReadOnlyList<string>? Environments { get; init; }

    /// <summary>The build that made it: the same tag of the same build is applied once, however late it is asked for again.</summary>
    public string? Build { get; init; }

    /// <summary>The commit it was built from.</summary>
    public string? Commit { get; init; }

    /// <summary>Only says what would be done.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Restores the content of an earlier version as a new version.</summary>
public sealed record RollbackRequest : SecretChange
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>A tag, of which the newest version counts, or the number of a version.</summary>
    public required string To { get; init; }

    /// <summary>Keeps later bumps from undoing it until it is unpinned. Default true.</summary>
    public bool Pin { get; init; } = true;

    /// <summary>Why, for those who meet the pin.</summary>
    public string? Reason { get; init; }

    /// <summary>Only says what would be done.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Keeps the environment at the tag it has.</summary>
public sealed record PinRequest : SecretChange
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Why, for those who meet the pin.</summary>
    public string? Reason { get; init; }
}

/// <summary>Takes a pin away.</summary>
public sealed record UnpinRequest : SecretChange
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }
}

/// <summary>The second call that a bump of an environment with the policy <c>approval</c> waits for. Another key than the bump's.</summary>
public sealed record ApproveRequest : SecretChange
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The tag that is approved: exactly the one that waits.</summary>
    [JsonPropertyName("new_tag")]
    public required string NewTag { get; init; }
}

/// <summary>Writes key-value pairs in bulk. Their values pass only sealed.</summary>
public sealed record ImportRequest : SecretChange
{
    /// <summary>An <see cref="ImportedSecrets"/>, sealed to the worker's public key (age, base64).</summary>
    public required string Sealed { get; init; }

    /// <summary>Only says which keys would be written.</summary>
    public bool DryRun { get; init; }
}
