namespace Ebb.Storage.Rules;

/// <summary>The errors that a store itself gives runs.</summary>
internal static class RunErrors
{
    public static readonly RunError LeaseLapsed = new(
        "LeaseLapsed", "The process that worked on this run died or stopped renewing its lease. The message is delivered again.");

    public static readonly RunError HostStopped = new(
        "HostStopped", "The host process ended while this run was in progress, and nothing repeats it. Send the request again.");

    public static RunError Purged(string queue) => new("Purged", $"The message was deleted with all waiting messages of queue {queue}.");
}
