// Uploads "crash/<n>" for n = 1, 2, … until it is killed, each of as many MiB as the second argument says; tells what is complete.
// usage: <url> <MiB> [<endpoint> <access key> <secret>]
using Ebb.ObjectStore;
using Microsoft.Extensions.Logging.Abstractions;

var options = new ObjectStoreOptions
{
    Url = args[0],
    Endpoint = args.ElementAtOrDefault(2),
    AccessKey = args.ElementAtOrDefault(3),
    SecretKey = args.ElementAtOrDefault(4),
};
await using var store = ObjectStores.Open(options, TimeProvider.System, NullLogger.Instance);
var content = new byte[1024 * 1024];
Array.Fill(content, (byte)'x');
for (var number = 1; ; number++)
{
    await using var upload = await store.OpenUploadAsync(ObjectKey.Parse($"crash/{number}"), UploadOptions.Default, CancellationToken.None);
    for (var i = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture); i > 0; i--)
    {
        await upload.WriteAsync(content);
        Console.WriteLine($"writing {number}");
    }

    await upload.CompleteAsync(CancellationToken.None);
    Console.WriteLine($"complete {number}");
}
