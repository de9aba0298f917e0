namespace Ebb.Worker.Commands;

/// <summary>The running host did not do what was asked over HTTP.</summary>
internal sealed class RemoteHostException(string message, Exception? inner = null) : Exception(message, inner);
