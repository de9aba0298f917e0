using System.Text.Json.Serialization;
using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts.Previews;

/// <summary>Asks for a preview of a pull request, or for the end of one, apart from any webhook.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PreviewRequest
{
    /// <summary>How it is asked for. Those of one pull request come in order, and those of one preview.</summary>
    public static Command<PreviewRequest> Command { get; } = new(Queues.Previews, ContractsJson.Default.PreviewRequest, PreviewRequestReader.Read)
    {
        MaxBytes = PreviewRequestReader.MaxLength,
        SequenceKey = request => request.App is { } app
            ? PreviewName.For(app, request.Number).Value
            : $"{request.Server ?? request.Host!.Value.ToString()}/{request.Repository!.Id}/{request.Number}",
    };

    /// <summary>What is asked for. Default <see cref="PreviewAction.Create"/>.</summary>
    public PreviewAction Action { get; init; }

    /// <summary>The pull request's number.</summary>
    public required int Number { get; init; }

    /// <summary>For <see cref="PreviewAction.Create"/>: the Git host's product.</summary>
    public GitHostKind? Host { get; init; }

    /// <summary>For <see cref="PreviewAction.Create"/>: the configured name of the Git host. Null: the product's name.</summary>
    public string? Server { get; init; }

    /// <summary>For <see cref="PreviewAction.Create"/>: the repository, with the id that its host gives it.</summary>
    public GitRepository? Repository { get; init; }

    /// <summary>For all but <see cref="PreviewAction.Create"/>: the application.</summary>
    public AppName? App { get; init; }

    /// <summary>For <see cref="PreviewAction.Remove"/>: why. Null: by hand.</summary>
    public RemovalReason? Reason { get; init; }

    /// <summary>For <see cref="PreviewAction.Renew"/>: a robot account that lives longer is left as it is.</summary>
    public DateTimeOffset? ExpiringBefore { get; init; }
}

/// <summary>What a <see cref="PreviewRequest"/> asks for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreviewAction>))]
public enum PreviewAction
{
    /// <summary>A preview of an open pull request, also after it was removed by hand or for its age.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>The end of a preview.</summary>
    [JsonStringEnumMemberName("remove")]
    Remove,

    /// <summary>A new robot account in place of one that expires soon. The reaper asks for it.</summary>
    [JsonStringEnumMemberName("renew")]
    Renew,

    /// <summary>Another look at a preview that failed and may run since. The reaper asks for it.</summary>
    [JsonStringEnumMemberName("check")]
    Check,
}
