using System.Text.Json.Serialization;

namespace Ebb.Contracts.Etcd;

/// <summary>Asks EtcdBackup to try out a stored snapshot, without restoring anything.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DrillRequest
{
    /// <summary>How it is asked for: one at a time.</summary>
    public static Command<DrillRequest> Command { get; } = new(Queues.EtcdDrills, ContractsJson.Default.DrillRequest, EtcdRequests.Drill) { MaxBytes = EtcdRequests.MaxBytes, SequenceKey = _ => "drill" };

    /// <summary>The longest name of a snapshot.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The snapshot's name, as <c>ebb etcd list</c> shows it; null for the newest verified one.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the name could be one: letters, digits and <c>. _ - : +</c>.</summary>
    public bool IsPlausible() => Name is null
        || (Name.Length is > 0 and <= MaxNameLength && Name.All(character => char.IsAsciiLetterOrDigit(character) || "._-:+".Contains(character, StringComparison.Ordinal)));
}
