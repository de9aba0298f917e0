namespace Ebb.PrPreview.Keeping;

/// <summary>The pull request changed while its preview was worked on: what is worked on is no longer wanted.</summary>
internal sealed class TruthChangedException() : Exception("The pull request changed meanwhile; its newest state is what counts.");
