using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.S3;

/// <summary>An answer of the S3 API.</summary>
internal sealed record S3Answer(int Status)
{
    private static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public Dictionary<string, string?> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ReadOnlyMemory<byte> Body { get; init; }

    public bool IsChunked { get; init; }

    /// <summary>A page for people; its length is not said, as most such servers do not.</summary>
    public static S3Answer Page(string html) => new S3Answer(200) { Body = Encoding.UTF8.GetBytes(html), IsChunked = true }.With("Content-Type", "text/html");

    public static S3Answer Xml(string root, params object[] content)
    {
        var element = new XElement(Namespace + root, content);
        foreach (var inner in element.DescendantsAndSelf())
            inner.Name = Namespace + inner.Name.LocalName;
        return new S3Answer(200) { Body = Encoding.UTF8.GetBytes(element.ToString()) }.With("Content-Type", "application/xml");
    }

    /// <summary>Amazon S3 API reference, Error responses; an answer to HEAD has no body.</summary>
    public static S3Answer Error(S3Error error, S3Operation operation)
    {
        var xml = new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message), new XElement("Resource", operation.Key));
        if (error.Region is { } region)
            xml.Add(new XElement("Region", region));
        return new S3Answer(error.Status) { Body = operation.Name == "HeadObject" ? default : Encoding.UTF8.GetBytes(xml.ToString()) }
            .With("Content-Type", "application/xml").With("x-amz-bucket-region", operation.Name == "HeadObject" ? error.Region : null);
    }

    public S3Answer With(string header, string? value)
    {
        Headers[header] = value;
        return this;
    }

    public async Task WriteAsync(HttpContext context, S3Fault? fault)
    {
        var response = context.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in Headers.Where(header => header.Value is not null))
            response.Headers[name] = value;
        if (fault?.ETag is { } etag)
            response.Headers.ETag = $"\"{etag}\"";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        if (Status != 204 && !IsChunked)
            response.ContentLength = Body.Length;
        if (fault?.CutAnswerAfter is not { } cut)
        {
            await response.Body.WriteAsync(Body, context.RequestAborted);
            return;
        }

        await response.Body.WriteAsync(Body[..Math.Min(cut, Body.Length)], context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
