using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>
/// Tells content that cannot be a signature from a registry that does not answer. The first is skipped, whoever put it there;
/// the second ends the work.
/// </summary>
internal static class Unreadable
{
    public static bool Is(Exception exception) => exception is OciFormatException
        or RegistryException { Fault: RegistryFault.NotFound or RegistryFault.WrongContent }
        or RegistryException { Fault: RegistryFault.Protocol, InnerException: OciFormatException };
}
