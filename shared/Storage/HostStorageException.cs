namespace Ebb.Storage;

/// <summary>Host storage could not do what was asked. The message names what, why and the remedy.</summary>
public class HostStorageException : Exception
{
    /// <summary>Creates the error.</summary>
    public HostStorageException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
