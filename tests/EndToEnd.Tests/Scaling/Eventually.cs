namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>Waiting for what other processes do: with patience, for a machine under load.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise) =>
        TrueAsync(() => Task.FromResult(condition()), otherwise, Patience);

    public static Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise) => TrueAsync(condition, otherwise, Patience);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise, TimeSpan patience)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) > patience)
                throw new TimeoutException($"It did not come to pass in {patience}: {otherwise()}");
            await Task.Delay(Pause);
        }
    }
}
