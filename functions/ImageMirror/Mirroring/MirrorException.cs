namespace Ebb.ImageMirror.Mirroring;

/// <summary>An image cannot be mirrored as asked. The message names the cause.</summary>
internal sealed class MirrorException(string fault, string message, string remedy) : Exception(message)
{
    /// <summary>The kind of failure, as the report names it.</summary>
    public string Fault { get; } = fault;

    /// <summary>What to do about it.</summary>
    public string Remedy { get; } = remedy;
}
