namespace Ebb.Worker;

/// <summary>
/// A part of an app that is off with the configuration at hand. Its functions are neither listed, mapped, listened to, scheduled nor deployed, what
/// they would need is in no manifest, and the door takes nothing for them.
/// </summary>
/// <param name="Why">What is missing, such as <c>PrPreview:Domain is not set</c>.</param>
/// <param name="Functions">The functions' names.</param>
/// <param name="Routes">The routes of HTTP functions, of other apps too, whose requests end as their work, such as <c>previews</c> for it and all below it.</param>
public sealed record TurnedOff(string Why, IReadOnlyList<string> Functions, params IReadOnlyList<string> Routes)
{
    /// <summary>All of an app's functions.</summary>
    public static TurnedOff All(IFunctionApp app, string why, params IReadOnlyList<string> routes)
    {
        ArgumentNullException.ThrowIfNull(app);
        return new(why, [.. app.Functions.Select(function => function.Name)], routes);
    }
}
