using Ebb.Oci.Harbor;

namespace Ebb.Oci.Transport;

/// <summary>What the parts of the client share: addresses, scopes and the naming of failures.</summary>
internal sealed class Registry(RegistryTransport transport, HarborClient harbor)
{
    public string Name => transport.Registry;

    public RegistriesOptions Options => transport.Options;

    public TimeProvider Time => transport.Time;

    public Uri Address(string repository, string rest) => ImageReference.IsRepository(repository)
        ? new Uri(transport.Base, $"/v2/{repository}/{rest}")
        : throw new OciFormatException($"'{(repository.Length <= 80 ? repository : repository[..80] + "…")}' is no repository name.");

    public static string Pull(string repository) => $"repository:{repository}:pull";

    public static string Push(string repository) => $"repository:{repository}:pull,push";

    public Task<HttpResponseMessage> SendAsync(RegistryCall call, CancellationToken cancellationToken) => transport.SendAsync(call, cancellationToken);

    /// <summary>Names the cause of an answer that is a failure.</summary>
    public async Task<RegistryException> FailureAsync(RegistryCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ErrorBody.ReadAsync(response, Time, cancellationToken);
        var failure = RegistryErrors.FromResponse(call.ToString(), Name, response, body, Time);
        // Harbor hides a missing project behind 401 with an empty challenge, or 403 and 404 on a push.
        return call.Repository is { } repository
            && failure.Fault is RegistryFault.Unauthorized or RegistryFault.Denied or RegistryFault.NotFound
            && await harbor.IsProjectMissingAsync(repository, cancellationToken)
            ? RegistryErrors.ProjectMissing(call.ToString(), HarborClient.ProjectOf(repository), Name, response.StatusCode)
            : failure;
    }

    /// <summary>An answer that breaks the protocol.</summary>
    public static RegistryException Broken(RegistryCall call, string why, HttpResponseMessage? response = null, Exception? inner = null) =>
        new($"{call}: {why}", RegistryFault.Protocol, inner)
        {
            Status = response?.StatusCode,
            Remedy = "The registry, or a proxy before it, breaks the distribution protocol; check its version.",
        };

    /// <summary>The Location of an answer, absolute.</summary>
    public static Uri Location(RegistryCall call, HttpResponseMessage response)
    {
        var location = response.Headers.Location ?? throw Broken(call, "the answer has no Location.", response);
        var target = new Uri(call.Uri, location);
        return Auth.RealmPolicy.FindRedirectProblem(call.Uri, target) is { } problem
            ? throw Broken(call, $"its Location {Http.Redaction.Url(target)} is refused: {problem}.", response)
            : target;
    }
}
