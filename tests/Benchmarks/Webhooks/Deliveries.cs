using System.Globalization;
using System.Text.Json.Nodes;
using Ebb.TestServers.Git;

namespace Ebb.Benchmarks.Webhooks;

/// <summary>Signed deliveries of GitHub's size: 28 KB, of which most is of no interest.</summary>
internal sealed class Deliveries(string secret)
{
    private const int Bodies = 200;
    private const int Bytes = 28_000;

    private readonly WebhookSender _sender = new("github", secret);
    private readonly List<byte[]> _bodies = [.. Enumerable.Range(1, Bodies).Select(Body)];

    /// <summary>Delivery <paramref name="number"/>: an event of one of many pull requests under an id of its own.</summary>
    public HttpRequestMessage Create(Uri url, int number) =>
        _sender.Delivery(new Uri(url, "/api/git/github/bench"), "pull_request", _bodies[number % Bodies], string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid()}"));

    private static byte[] Body(int number)
    {
        var repository = new GitRepositoryState("186853002", "ours/shop");
        var (_, small) = WebhookPayloads.Of("github", repository, repository.Open(number, $"preview/shop/change-{number}", $"{number:x40}"), "pushed");
        var json = JsonNode.Parse(small)!.AsObject();
        for (var user = 0; json.ToJsonString().Length < Bytes; user++)
        {
            var links = new JsonObject { ["login"] = "octocat", ["id"] = user, ["site_admin"] = false };
            foreach (var name in new[] { "avatar", "html", "followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events", "received_events" })
            {
                links[$"{name}_url"] = $"https://api.github.com/users/octocat/{name}{{/other_user}}";
            }

            json[$"user_{user}"] = links;
        }

        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
