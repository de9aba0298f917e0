using Ebb.Oci.Transport;

namespace Ebb.Oci.Harbor;

/// <summary>What calls of Harbor's API v2.0 have in common: the address, and what a failure means.</summary>
internal sealed class HarborApi(RegistryTransport transport)
{
    public RegistryCall Call(HttpMethod method, string path, string subject) =>
        new(method, new Uri(transport.Base, $"/api/v2.0/{path}"), subject) { Accept = "application/json" };

    public RegistryCall Call(HttpMethod method, string path, string subject, byte[] json) => Call(method, path, subject) with
    {
        Content = () => new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } },
    };

    public Task<HttpResponseMessage> SendAsync(RegistryCall call, CancellationToken cancellationToken) => transport.SendBasicAsync(call, cancellationToken);

    public RegistryException ProjectMissing(RegistryCall call, string project, HttpResponseMessage response) =>
        RegistryErrors.ProjectMissing(call.ToString(), project, transport.Registry, response.StatusCode);

    public async Task<RegistryException> FailureAsync(RegistryCall call, HttpResponseMessage response, CancellationToken cancellationToken) =>
        RegistryErrors.FromResponse(call.ToString(), transport.Registry, response, await ErrorBody.ReadAsync(response, transport.Time, cancellationToken), transport.Time);
}
