namespace Ebb.TestServers.S3;

/// <summary>What goes wrong with the requests of one operation.</summary>
public sealed class S3Fault(string operation)
{
    /// <summary>Every operation.</summary>
    public const string Any = "*";

    private int _matched;

    public string Operation => operation;

    /// <summary>Of a part: only this one. 0: any.</summary>
    public int Part { get; init; }

    /// <summary>How many requests pass before the first fault.</summary>
    public int After { get; init; }

    /// <summary>How many requests are hit.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Answered instead of doing anything: status and code.</summary>
    public (int Status, string Code)? Error { get; init; }

    /// <summary>The connection is cut after so many bytes of the request's body; nothing is done.</summary>
    public int? CutRequestAfter { get; init; }

    /// <summary>The connection is cut after so many bytes of the answer's body; 0: before the answer, although it was done.</summary>
    public int? CutAnswerAfter { get; init; }

    /// <summary>The answer never comes.</summary>
    public bool Hang { get; init; }

    /// <summary>The answer's ETag is this.</summary>
    public string? ETag { get; init; }

    /// <summary>What is kept is not what was sent.</summary>
    public bool Damage { get; init; }

    /// <summary>What is kept lacks so many bytes at the end.</summary>
    public int Lose { get; init; }

    /// <summary>Status 200, and an error as the body (Amazon S3 API reference, CompleteMultipartUpload).</summary>
    public bool ErrorInside { get; init; }

    /// <summary>Answered with status 200 instead of doing anything: the page of something that is no S3 server.</summary>
    public string? Page { get; init; }

    internal bool Takes(S3Operation request, string? part)
    {
        if ((operation != Any && request.Name != operation) || (Part != 0 && part != $"{Part}"))
            return false;
        var number = Interlocked.Increment(ref _matched);
        return number > After && number <= After + Times;
    }
}
