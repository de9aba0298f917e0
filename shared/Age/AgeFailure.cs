namespace Ebb.Age;

/// <summary>What is wrong with an age file.</summary>
public enum AgeFailure
{
    /// <summary>It is no age file of version 1, or its header is malformed or too long.</summary>
    Header,

    /// <summary>It is encrypted to other recipients than the identities at hand.</summary>
    NoMatch,

    /// <summary>The header was changed after encryption.</summary>
    HeaderMac,

    /// <summary>The content was changed, cut or continued after encryption.</summary>
    Payload,
}
