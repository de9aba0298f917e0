using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Ebb.TestServers.Git;

/// <summary>
/// Sends webhooks as the hosts do, headers and signatures included. What each sends is described in: GitHub Docs, Webhook events and
/// payloads; GitLab Docs, Webhooks; Gitea services/webhook/deliver.go and Forgejo's; Atlassian, Manage webhooks (Cloud) and Event payload
/// (Data Center); Microsoft Learn, Webhooks with Azure DevOps.
/// </summary>
public sealed class WebhookSender(string host, string secret)
{
    /// <summary>GitLab's signed time; now by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Azure DevOps: the header that carries the secret instead of Basic.</summary>
    public string? Header { get; init; }

    /// <summary>A delivery. The event is what the host names it: <c>pull_request</c>, <c>Merge Request Hook</c>, <c>pr:opened</c>; Azure DevOps has it in the body.</summary>
    public HttpRequestMessage Delivery(Uri url, string @event, byte[] body, string? id = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var (name, value) in Headers(@event, body, id ?? Guid.NewGuid().ToString()))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private IEnumerable<(string Name, string Value)> Headers(string @event, byte[] body, string id) => host switch
    {
        "github" => [("User-Agent", "GitHub-Hookshot/7a0b2c1"), .. GitHub(@event, body, id)],
        "gitlab" => [("User-Agent", "GitLab/17.8.0"), ("X-Gitlab-Event", @event), .. GitLab(body, id)],
        "gitea" => [("User-Agent", "Go-http-client/1.1"), .. Gitea("X-Gitea", @event, body, id), .. Gitea("X-Gogs", @event, body, id), .. GitHub(@event, body, id)],
        "forgejo" => [.. Gitea("X-Forgejo", @event, body, id), .. Gitea("X-Gitea", @event, body, id), .. Gitea("X-Gogs", @event, body, id), .. GitHub(@event, body, id)],
        "bitbucket-cloud" =>
        [
            ("User-Agent", "Bitbucket-Webhooks/2.0"), ("X-Event-Key", @event), ("X-Hook-UUID", "a07d7e57-6db0-4d4f-9b3c-0f8d0bdcb8f3"), ("X-Request-UUID", id),
            ("X-Attempt-Number", "1"), ("X-Hub-Signature", $"sha256={Hmac(body)}"),
        ],
        "bitbucket-server" => [("User-Agent", "Atlassian HttpClient 4.2.0 / Bitbucket-8.19.2"), ("X-Event-Key", @event), ("X-Request-Id", id), ("X-Hub-Signature", $"sha256={Hmac(body)}")],
        "azure-devops" => [("User-Agent", "VSServices/19.225.34316.3"), Header is null ? ("Authorization", $"Basic {Base64($"hooks:{secret}")}") : (Header, secret)],
        _ => throw new ArgumentException($"'{host}' is no host.", nameof(@event)),
    };

    private (string Name, string Value)[] GitHub(string @event, byte[] body, string id) =>
    [
        ("X-GitHub-Event", @event), ("X-GitHub-Delivery", id), ("X-GitHub-Hook-ID", "42"),
        ("X-Hub-Signature", $"sha1={Sha1(body)}"), ("X-Hub-Signature-256", $"sha256={Hmac(body)}"),
    ];

    private (string Name, string Value)[] Gitea(string prefix, string @event, byte[] body, string id) =>
        [($"{prefix}-Event", @event), ($"{prefix}-Event-Type", @event), ($"{prefix}-Delivery", id), ($"{prefix}-Signature", Hmac(body))];

    private (string Name, string Value)[] GitLab(byte[] body, string id)
    {
        (string, string)[] common = [("X-Gitlab-Instance", "https://gitlab.example.com"), ("X-Gitlab-Event-UUID", id), ("Idempotency-Key", id)];
        if (!secret.StartsWith("whsec_", StringComparison.Ordinal))
        {
            return [.. common, ("X-Gitlab-Token", secret)];
        }

        var timestamp = Time.GetUtcNow().ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
        return [.. common, ("webhook-id", id), ("webhook-timestamp", $"{timestamp}"), ("webhook-signature", $"v1,{signature}")];
    }

    private string Hmac(byte[] body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    // GitHub still sends the old signature beside the new one; nobody may trust it. Only its form matters here.
    private static string Sha1(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body))[..40];

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
