namespace Ebb.SecretBump.Unsealing;

/// <summary>Nothing could be unsealed; the message holds no share.</summary>
public sealed class UnsealException(string message, Exception? inner = null) : Exception(message, inner);
