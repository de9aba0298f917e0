namespace Ebb.Kubernetes;

/// <summary>One reason of a failure (Kubernetes API v1.32, StatusCause).</summary>
/// <param name="Reason">One word for programs: <c>FieldValueInvalid</c>, <c>FieldManagerConflict</c>.</param>
/// <param name="Message">A sentence for people, without secrets.</param>
/// <param name="Field">The field: <c>spec.replicas</c>, <c>.spec.replicas</c>; empty when none is named.</param>
public sealed record StatusCause(string Reason, string Message, string Field);
