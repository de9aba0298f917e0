using Ebb.Webhooks.Git.Hooks;

namespace Ebb.Webhooks.Git.Credentials;

/// <summary>How a host shows that a delivery is its own.</summary>
internal interface ICredentialCheck
{
    /// <summary>Whether the delivery was made with the secret. Takes the same time for every wrong one.</summary>
    bool Admits(Delivery delivery, HookSecret secret);
}
