using System.CommandLine;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Commands;

/// <summary><c>images check [file]</c>: checks an images file and asks no server.</summary>
internal sealed class ImagesCommand : Command
{
    public ImagesCommand(IConfiguration configuration)
        : base("images", "Work with the list of images.")
    {
        var file = new Argument<string?>("file")
        {
            Description = "The images file. Default: ImageMirror:ImagesFile.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var check = new Command("check", "Check the list and show every problem with its line.") { file };
        check.SetAction((result, cancellationToken) => CheckAsync(
            OptionsFor(configuration, result.GetValue(file)),
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error,
            cancellationToken));
        Add(check);
    }

    private static MirrorOptions OptionsFor(IConfiguration configuration, string? file)
    {
        var options = MirrorOptions.From(configuration, []);
        return options with { ImagesFile = file ?? options.ImagesFile };
    }

    private static async Task<int> CheckAsync(MirrorOptions options, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var problems = new ListProblems();
        if (await ImagesFile.ReadAsync(options, problems, cancellationToken) is not { } list)
        {
            await error.WriteLineAsync(string.Join('\n', problems.Messages));
            return 1;
        }

        await output.WriteLineAsync($"{options.ImagesFile}: {list.Images.Count} images for {list.Target ?? "ImageMirror:Target"}, no problems");
        return 0;
    }
}
