namespace Ebb.Worker;

/// <summary>
/// What a write must fulfil, judged by the API server itself: RBAC knows neither patterns of names nor contents. The generated manifests
/// make a ValidatingAdmissionPolicy of it that holds for the app's service account alone.
/// </summary>
/// <param name="Expression">
/// CEL over <c>object</c>, <c>oldObject</c>, <c>request</c> and <c>namespaceObject</c> (kubernetes.io, "Validating Admission Policy"). An expression
/// that cannot be evaluated refuses the write; on DELETE <c>object</c> is null.
/// </param>
/// <param name="Message">What whoever is refused is told.</param>
public sealed record WriteRule(string Expression, string Message);
