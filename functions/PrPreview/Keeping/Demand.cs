using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.Keeping;

/// <summary>What somebody asked for beyond what the pull request says.</summary>
internal sealed record Demand
{
    private Demand()
    {
    }

    /// <summary>As the pull request says.</summary>
    public static Demand None { get; } = new();

    /// <summary>A preview, also where it sleeps.</summary>
    public static Demand ToCreate { get; } = new() { Create = true };

    public bool Create { get; private init; }

    /// <summary>The end of the preview, and why.</summary>
    public RemovalReason? Removal { get; private init; }

    /// <summary>The application whose preview it is about.</summary>
    public AppName? App { get; private init; }

    /// <summary>The end of an application's preview.</summary>
    public static Demand ToRemove(AppName app, RemovalReason reason) => new() { Removal = reason, App = app };

    /// <summary>Another look at an application's preview.</summary>
    public static Demand ToCheck(AppName app) => new() { App = app };

    /// <summary>What of it concerns the preview of an application: a pull request whose branch was renamed has another one.</summary>
    public Demand For(AppName app) => App is { } named && named != app ? None : this;
}
