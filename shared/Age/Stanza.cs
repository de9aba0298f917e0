namespace Ebb.Age;

/// <summary>One recipient's part of a header: <c>-&gt; type arguments</c>, then the body.</summary>
internal sealed record Stanza(string Type, IReadOnlyList<string> Arguments, byte[] Body);
