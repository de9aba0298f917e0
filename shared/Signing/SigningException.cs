namespace Ebb.Signing;

/// <summary>Signing or verifying failed. The message names the key or image, the cause and the remedy; it holds no secret.</summary>
public sealed class SigningException(string message, Exception? inner = null) : Exception(message, inner);
