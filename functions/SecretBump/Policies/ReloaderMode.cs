namespace Ebb.SecretBump.Policies;

/// <summary>What Stakater Reloader restarts (<c>SecretBump:Reloader</c>, <c>SecretBump:Environments:&lt;name&gt;:Reloader</c>).</summary>
public enum ReloaderMode
{
    /// <summary>What its annotations name (<c>annotated</c>, the default).</summary>
    Annotated,

    /// <summary>It runs with <c>--auto-reload-all</c> (<c>all</c>): also what has no annotation.</summary>
    All,

    /// <summary>It is not there, or does not watch this namespace or these Secrets (<c>off</c>); its annotations count for nothing.</summary>
    Off,
}
