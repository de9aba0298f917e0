namespace Ebb.TestServers.Kubernetes;

/// <summary>A request as it was answered.</summary>
/// <param name="Verb">The verb as roles name it: <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>.</param>
/// <param name="Resource">The type: <c>deployments.apps</c>, with a subresource <c>deployments.apps/status</c>; empty outside of types.</param>
/// <param name="Namespace">The namespace, if any.</param>
/// <param name="Name">The object's name, if any.</param>
/// <param name="User">Who asked.</param>
/// <param name="Status">The status it was answered with.</param>
/// <param name="Wrote">Whether it changed anything.</param>
/// <param name="Query">The query with its question mark, or empty.</param>
public sealed record RecordedCall(string Verb, string Resource, string? Namespace, string? Name, string User, int Status, bool Wrote, string Query)
{
    public override string ToString() => $"{Verb} {Resource} {Namespace}/{Name} {Status}{(Wrote ? " wrote" : "")}";
}
