using System.Text;

namespace Ebb.RabbitMq.Messages;

/// <summary>Reads headers, whose types any sender chooses.</summary>
internal static class HeaderValues
{
    private const int MaxTextBytes = 1024;

    /// <summary>A text of at most 1 KiB; null when there is none.</summary>
    public static string? Text(this IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value)
            ? value switch
            {
                byte[] { Length: <= MaxTextBytes } bytes => Encoding.UTF8.GetString(bytes),
                string { Length: <= MaxTextBytes } text => text,
                _ => null,
            }
            : null;

    /// <summary>A whole number from 0; 0 when there is none.</summary>
    public static long Number(this IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value)
            ? Math.Max(0, value switch { long number => number, int number => number, uint number => number, short number => number, ushort number => number, byte number => number, sbyte number => number, _ => 0L })
            : 0;
}
