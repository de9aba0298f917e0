using Ebb.Webhooks.Git.Payloads;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>How one product says things. Its payloads are described by its own documentation, which each implementation names.</summary>
internal interface IGitDialect
{
    /// <summary>What the headers alone say the delivery is about.</summary>
    Topic TopicOf(Delivery delivery);

    /// <summary>What the host calls the delivery; null when it does not say.</summary>
    string? DeliveryId(Delivery delivery, Payload payload);

    /// <summary>What happened to which pull request; null when it means nothing here.</summary>
    PullRequestFacts? Read(Delivery delivery, Payload payload);
}
