namespace Ebb.Worker;

/// <summary>
/// The caller may not act on what it asks for. Trying again cannot help: an HTTP caller gets 403; a message goes to the poison queue at
/// once, from where it can be put back when <c>scopes.json</c> allows it.
/// </summary>
/// <param name="message">Who may not act on what, and what would allow it.</param>
public sealed class CallerForbiddenException(string message) : Exception(message);
