namespace Ebb.Storage;

/// <summary>
/// The hold under which a document is written or deleted: storage does so only while the key is held like this, and decides that in the same
/// transaction. So whoever lost the key while its process stood still changes nothing any more.
/// </summary>
/// <param name="Key">The exclusive key, which is a document.</param>
/// <param name="Token">The fencing token: what that document holds. No other hold has the same.</param>
public sealed record Fence(string Key, string Token);
