namespace Ebb.Contracts;

/// <summary>The names of the queues that carry messages between apps.</summary>
public static class Queues
{
    /// <summary>Requests to mirror images; each message is a <see cref="MirrorRequest"/>.</summary>
    public const string ImageMirror = "image-mirror";
}
