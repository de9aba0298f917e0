namespace Ebb.Grpc;

/// <summary>A method with the handler behind it.</summary>
internal sealed record ServerMethod(string FullName, bool IsStream, Func<ServerCall, Task> Answer);
