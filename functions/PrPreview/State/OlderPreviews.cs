using System.Globalization;
using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.State;

/// <summary>
/// Documents of previews whose <c>applied</c> was one text: <c>objects</c>, <c>namespace/secret/version</c> of a copy, or
/// <c>namespace/robot/project/time</c> of a robot, where the time was the one at which it was to be renewed.
/// </summary>
internal static class OlderPreviews
{
    public static Preview Read(Preview preview) =>
        preview.Applied is { } applied ? preview with { Written = preview.Written ?? WrittenOf(applied.Split('/')), Applied = null } : preview;

    private static WrittenObjects WrittenOf(string[] parts) => parts switch
    {
        [{ } ns, "robot", { } project, { } time] when DateTimeOffset.TryParseExact(time, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var renewed) =>
            // How long it lives beyond that is not known: it is renewed at the next opportunity.
            new WrittenObjects { Robot = new PullRobot(ns, project, renewed) },
        [{ } ns, { } source, { } version] => new WrittenObjects { Copy = new PullSecretCopy(ns, source, version) },
        _ => new WrittenObjects(),
    };
}
