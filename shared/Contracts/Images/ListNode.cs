namespace Ebb.Contracts.Images;

/// <summary>A node of an image list, whichever notation it was written in.</summary>
/// <param name="Location">Where it stands, as people look for it: <c>images.yaml:12</c> or <c>images[0].tags</c>.</param>
public abstract record ListNode(string Location);

/// <summary>A single value.</summary>
/// <param name="Location">Where it stands.</param>
/// <param name="Text">The value as written; null for no value.</param>
/// <param name="IsText">It may serve as a string.</param>
/// <param name="IsLiteral">It may serve as a number or truth value.</param>
public sealed record ListScalar(string Location, string? Text, bool IsText, bool IsLiteral) : ListNode(Location);

/// <summary>A list of nodes.</summary>
/// <param name="Location">Where it begins.</param>
/// <param name="Items">The nodes.</param>
public sealed record ListSequence(string Location, IReadOnlyList<ListNode> Items) : ListNode(Location);

/// <summary>Keys and values, in the order written; a key may be there twice.</summary>
/// <param name="Location">Where it begins.</param>
/// <param name="Entries">The keys and values.</param>
public sealed record ListMapping(string Location, IReadOnlyList<ListEntry> Entries) : ListNode(Location);

/// <summary>A key and its value.</summary>
/// <param name="Location">Where the key stands.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public sealed record ListEntry(string Location, string Key, ListNode Value);
