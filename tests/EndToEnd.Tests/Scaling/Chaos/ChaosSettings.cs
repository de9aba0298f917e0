namespace Ebb.EndToEnd.Tests.Scaling.Chaos;

/// <summary>How long and how hard: a little in every build, for minutes with twenty workers by <c>EBB_CHAOS_SECONDS</c>.</summary>
internal static class ChaosSettings
{
    private const int Ordinary = 12;

    public static TimeSpan Time { get; } = TimeSpan.FromSeconds(Seconds);

    public static int Workers => Seconds >= 60 ? 20 : 5;

    private static int Seconds => int.TryParse(Environment.GetEnvironmentVariable("EBB_CHAOS_SECONDS"), out var seconds) ? seconds : Ordinary;
}
