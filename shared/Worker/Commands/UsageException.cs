namespace Ebb.Worker.Commands;

/// <summary>The command line asks for something that does not exist or cannot be.</summary>
internal sealed class UsageException(string message) : Exception(message);
