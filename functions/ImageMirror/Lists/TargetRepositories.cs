using Ebb.Contracts.Images;
using Ebb.ImageMirror.Mirroring;
using Ebb.Signing;

namespace Ebb.ImageMirror.Lists;

/// <summary>The repositories that the configured list is mirrored into.</summary>
internal static class TargetRepositories
{
    /// <exception cref="SigningException">The list cannot be used, or no target is set.</exception>
    public static IReadOnlyList<string> Of(MirrorOptions options)
    {
        var problems = new ListProblems();
        var list = ImagesFile.Read(options, problems)
            ?? throw new SigningException(string.Join('\n', problems.Messages));
        var target = options.Target ?? list.Target
            ?? throw new SigningException($"{options.ImagesFile} names no target. Write target: into it, or set ImageMirror:Target.");
        var place = TargetPlace.Parse(target);
        return [.. list.Images.Select(image => $"{place.Registry}/{place.RepositoryOf(image.TargetName)}").Distinct()];
    }
}
