namespace Ebb.PrPreview.State;

/// <summary>Others changed a document too often meanwhile. Trying again helps.</summary>
internal sealed class DocumentContentionException(string key)
    : Exception($"The document {key} was changed by others again and again while this run wanted to change it; it is tried again.");
