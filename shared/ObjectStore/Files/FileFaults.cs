namespace Ebb.ObjectStore.Files;

/// <summary>Turns failures of files into messages for people. Numbers: Linux, asm-generic/errno.h; .NET gives them as HResult.</summary>
internal static class FileFaults
{
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaExceeded = 122;
    private const int WouldBlock = 11;

    public static bool IsLocked(IOException exception) => exception.HResult == WouldBlock;

    public static ObjectStoreException Exists(string address, ObjectKey key, Exception? inner) =>
        new($"{address} already has '{key}', which was not to be replaced. Is another run writing it?", ObjectStoreFault.Exists, inner);

    /// <summary>True for what <see cref="Of"/> names.</summary>
    public static bool IsOne(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static ObjectStoreException Of(Exception exception, string what, string address)
    {
        var (fault, remedy) = Cause(exception);
        return new ObjectStoreException($"{address}: could not {what}: {exception.Message.TrimEnd('.')}. {remedy}", fault, exception);
    }

    /// <summary>Does something with files; what fails is named.</summary>
    public static T Named<T>(string what, string address, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (IsOne(exception))
        {
            throw Of(exception, what, address);
        }
    }

    /// <inheritdoc cref="Named{T}"/>
    public static void Named(string what, string address, Action action) => Named(what, address, () =>
    {
        action();
        return true;
    });

    private static (ObjectStoreFault Fault, string Remedy) Cause(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => (ObjectStoreFault.NotFound, "There is no such object."),
        UnauthorizedAccessException => (ObjectStoreFault.AccessDenied, "Give this user the right to read and write there."),
        IOException { HResult: NoSpace or QuotaExceeded } => (ObjectStoreFault.StoreFull, "The disk or the quota is full. Free space, keep fewer objects, or use a larger volume."),
        IOException { HResult: ReadOnly } => (ObjectStoreFault.AccessDenied, "Mount the volume so that it can be written."),
        _ => (ObjectStoreFault.Other, "Look at the kernel's log: the disk may be failing."),
    };
}
