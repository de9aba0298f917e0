using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>A manifest or index that is now in the target.</summary>
/// <param name="Descriptor">Which.</param>
/// <param name="IsNew">This run wrote it, or in a dry run would.</param>
internal readonly record struct CopiedManifest(Descriptor Descriptor, bool IsNew);
