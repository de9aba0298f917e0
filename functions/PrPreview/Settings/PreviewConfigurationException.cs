namespace Ebb.PrPreview.Settings;

/// <summary>The configuration does not say what previews need. The message names every key.</summary>
public sealed class PreviewConfigurationException(string message) : Exception(message);
