namespace Ebb.Oci;

/// <summary>Content or a name breaks the OCI specifications. The message says what and where.</summary>
public sealed class OciFormatException(string message, Exception? inner = null) : Exception(message, inner);
