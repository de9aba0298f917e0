using Ebb.Webhooks.Git.Hooks;

namespace Ebb.Webhooks.Git.Payloads;

/// <summary>Where and when a delivery came in.</summary>
internal sealed record DeliveryOrigin(GitHook Hook, string DeliveryId, DateTimeOffset ReceivedAt);
