namespace Ebb.Kubernetes;

/// <summary>Which objects to list or watch.</summary>
public sealed record ListOptions
{
    /// <summary>Only objects with these labels: <c>app=web,tier!=cache</c>. Null: all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Only objects with these fields: <c>metadata.name=web</c>. Null: all.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Objects asked for at once; pages are put together. Default 250, 1 to 5000.</summary>
    public int PageSize { get; init; } = 250;

    /// <summary>The most objects that are kept; a list that is longer fails. Default 50,000.</summary>
    public int MaxItems { get; init; } = 50_000;
}
