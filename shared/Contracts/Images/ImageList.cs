namespace Ebb.Contracts.Images;

/// <summary>What an images file says.</summary>
/// <param name="Target">The registry and path to mirror into; null when the file names none.</param>
/// <param name="Images">The images, at least one.</param>
public sealed record ImageList(string? Target, IReadOnlyList<MirrorImage> Images);
