using System.Globalization;
using System.Text.Json;
using Ebb.Contracts.PullRequests;

namespace Ebb.GitHosts.Transport;

/// <summary>An answer's JSON, read by path. What must be there and is not is a protocol error that names it.</summary>
internal readonly struct Json
{
    private readonly JsonElement _element;
    private readonly string _source;

    private Json(JsonElement element, string source) => (_element, _source) = (element, source);

    /// <exception cref="GitHostException">The body is no JSON.</exception>
    public static Json Parse(byte[] body, HostRequest request, HostTransport host)
    {
        var source = $"{host.Description} answered {request}";
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            return new Json(document.RootElement.Clone(), source);
        }
        catch (JsonException exception)
        {
            throw new GitHostException($"{source} with something that is no JSON. Is the address right?", GitHostFault.Protocol, exception);
        }
    }

    public bool Has(string path) => Find(path) is { ValueKind: not JsonValueKind.Null };

    public bool Flag(string path) => Find(path) is { ValueKind: JsonValueKind.True };

    /// <summary>A text; null when it is missing, null or no text.</summary>
    public string? Text(string path) => Find(path) is { ValueKind: JsonValueKind.String } element ? element.GetString() : null;

    public string NeededText(string path) => Text(path) is { Length: > 0 } text ? text : throw Missing(path);

    public int NeededNumber(string path) =>
        Find(path) is { ValueKind: JsonValueKind.Number } element && element.TryGetInt32(out var number) ? number : throw Missing(path);

    /// <summary>A number or text as text; null when it is missing or null.</summary>
    public string? Id(string path) => Find(path) switch
    {
        { ValueKind: JsonValueKind.Number } element when element.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        { ValueKind: JsonValueKind.String } element => element.GetString(),
        _ => null,
    };

    public string NeededId(string path) => Id(path) ?? throw Missing(path);

    /// <summary>A full commit, or null when it is missing or null.</summary>
    public CommitSha? Commit(string path)
    {
        if (Text(path) is not { } text)
        {
            return null;
        }

        return CommitSha.TryParse(text, out var sha) ? sha : throw Missing(path);
    }

    public string Branch(string path)
    {
        const string prefix = "refs/heads/";
        var name = NeededText(path);
        return name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
    }

    /// <summary>The items of a list; the answer itself for an empty path. None when it is missing or null.</summary>
    public IEnumerable<Json> Items(string path)
    {
        var source = _source;
        return (path.Length == 0 ? _element : Find(path)) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(item => new Json(item, source)).ToList()
            : [];
    }

    /// <summary>The items of a list that must be there.</summary>
    public IEnumerable<Json> NeededItems(string path) =>
        (path.Length == 0 ? _element : Find(path)) is { ValueKind: JsonValueKind.Array } ? Items(path) : throw Missing(path.Length == 0 ? "the list" : path);

    /// <summary>This as a text, where the items of a list are texts.</summary>
    public string? AsText() => _element.ValueKind == JsonValueKind.String ? _element.GetString() : null;

    public GitHostException Unknown(string path, string? value) =>
        new($"{_source} with {path} '{Http.Redaction.Text(value ?? "")}', which is not known here. Nothing was done for it.", GitHostFault.Protocol);

    private GitHostException Missing(string path) => new($"{_source} without {path}, or with one of another form.", GitHostFault.Protocol);

    private JsonElement? Find(string path)
    {
        var element = _element;
        foreach (var part in path.AsSpan().Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(path.AsSpan(part), out element))
            {
                return null;
            }
        }

        return element;
    }
}
