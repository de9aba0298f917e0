namespace Ebb.PrPreview.Values;

/// <summary>A values file cannot be used. The message says where and why, for whoever wrote it.</summary>
internal sealed class ValuesException(string message, Exception? inner = null) : Exception(message, inner);
