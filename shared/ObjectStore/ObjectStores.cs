using Ebb.ObjectStore.Files;
using Ebb.ObjectStore.S3;
using Microsoft.Extensions.Logging;

namespace Ebb.ObjectStore;

/// <summary>Opens stores.</summary>
public static class ObjectStores
{
    /// <summary>Opens the store that the options name. Nothing is sent or created yet.</summary>
    /// <exception cref="ArgumentException">The options have problems; the message lists them all.</exception>
    public static IObjectStore Open(ObjectStoreOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        var problems = ObjectStoreOptionsValidator.Validate(options).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        var url = StoreUrl.TryParse(options.Url)!;
        return url.Bucket is null ? new FileStore(url.Directory, time) : new S3Store(options, url, time, logger);
    }
}
