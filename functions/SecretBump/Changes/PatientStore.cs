using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Changes;

/// <summary>Asks a store that is gone for a while again, until <see cref="BumpOptions.StorePatience"/> is over.</summary>
public sealed class PatientStore(ISecretStore store, BumpOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>The store's name in messages.</summary>
    public string Description => store.Description;

    /// <summary>
    /// Does something with the store. A write whose answer was lost is done again and found to conflict with itself: the caller reads and
    /// decides again, as with any conflict.
    /// </summary>
    /// <param name="use">What is done.</param>
    /// <param name="waiting">Told each time that it is waited for the store.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SecretStoreException">The store refuses, or was gone all the time.</exception>
    public async Task<T> TryAsync<T>(Func<ISecretStore, Task<T>> use, Action<string> waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        ArgumentNullException.ThrowIfNull(waiting);
        var began = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await use(store);
            }
            catch (SecretStoreException gone) when (gone.IsTransient && time.GetElapsedTime(began) + pause < options.StorePatience)
            {
                waiting($"the store is not to be had and is asked again for up to {options.StorePatience}: {gone.Message}");
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }
}
