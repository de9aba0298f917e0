namespace Ebb.Scaler.Reading;

/// <summary>Host storage did not answer, or not in time.</summary>
internal sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
