using System.Net;
using System.Text.Json.Nodes;
using Ebb.Http;
using Ebb.Http.Proxies;
using Ebb.Kubernetes.Authentication;
using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>Turns failures into messages for people: what failed, why, what to do (Kubernetes API conventions, "Response Status Kind").</summary>
internal static class KubernetesFaults
{
    private const int MaxCauses = 20;
    private const string Withheld = "(the server's words are left out, for they may quote the Secret)";

    public static KubernetesException Of(HttpRequestException exception, KubernetesRequest request, KubernetesOptions options) => exception switch
    {
        ProxyException => new KubernetesException($"{options} could not be asked {request}: {exception.Message}", KubernetesFault.Unreachable, exception),
        { HttpRequestError: HttpRequestError.SecureConnectionError } => new KubernetesException(
            $"The TLS connection to {options} fails ({request}): {Innermost(exception)} Check the CA (certificate-authority) and the client certificate in {options.Source}.",
            KubernetesFault.Tls, exception),
        _ => new KubernetesException(
            $"{options} does not answer {request}: {Innermost(exception)} Check the address in {options.Source}, the network policy and whether the server runs.",
            KubernetesFault.Unreachable, exception),
    };

    public static KubernetesException Of(
        HttpResponseMessage response, JsonObject? status, KubernetesRequest request, KubernetesOptions options, ClusterCredential credential, TimeProvider time) =>
        Of((int)response.StatusCode, status, request, options, credential.Description) is var (message, fault, details)
            ? new KubernetesException(message, fault)
            {
                Status = response.StatusCode,
                Reason = details.Reason,
                ServerMessage = details.Words,
                Causes = details.Causes,
                RetryAfter = RetryAfter.Of(response, time) ?? details.RetryAfter,
            }
            : throw new InvalidOperationException();

    /// <summary>An ERROR event of a watch, which is a Status object.</summary>
    public static KubernetesException OfEvent(JsonObject status, KubernetesRequest request, KubernetesOptions options)
    {
        var code = (int)(status.Number("code") ?? 0);
        var (message, fault, details) = Of(code, status, request, options, "the credential");
        return new KubernetesException(message, fault)
        {
            Status = code is >= 100 and < 600 ? (HttpStatusCode)code : null,
            Reason = details.Reason,
            ServerMessage = details.Words,
            Causes = details.Causes,
            RetryAfter = details.RetryAfter,
        };
    }

    private static (string Message, KubernetesFault Fault, ServerStatus Details) Of(
        int code, JsonObject? status, KubernetesRequest request, KubernetesOptions options, string credential)
    {
        var details = ServerStatus.Of(status, MaxCauses);
        var fault = KubernetesFaultReading.Of(code, details);
        if (request.Type == ResourceTypes.Secrets && fault is KubernetesFault.Invalid or KubernetesFault.Other)
        {
            details = details with { Words = Withheld, Causes = [.. details.Causes.Select(cause => cause with { Message = "" })] };
        }

        var words = details.Words.Length == 0 ? "" : ": " + details.Words.TrimEnd('.');
        var causes = fault is KubernetesFault.Invalid or KubernetesFault.OwnedByAnother && details.Causes.Count > 0 ? List(details.Causes) : "";
        return ($"{options} answered {request} with {code}{words}.{causes} {KubernetesRemedies.For(fault, request, details, options, credential)}", fault, details);
    }

    // The server puts the causes into its message as well; what is already said is not said twice.
    private static string List(IReadOnlyList<V1StatusCause> causes) =>
        " " + string.Join(" ", causes.Select(cause => $"[{cause.Field}: {(cause.Message.Length == 0 ? cause.Reason : cause.Message)}]"));

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message.TrimEnd('.') + ".";
    }
}
