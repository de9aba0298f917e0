namespace Ebb.PrPreview;

/// <summary>A preview cannot be as asked, and trying again without a change would not help. The message is for the pull request's author.</summary>
internal sealed class PreviewException(string message, Exception? inner = null) : Exception(message, inner);
