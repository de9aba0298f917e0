using Google.Protobuf.WellKnownTypes;

namespace Ebb.Grpc.Tests;

/// <summary>A service of messages that every Protocol Buffers library brings along.</summary>
internal static class Echo
{
    public const string Service = "test.Echo";

    /// <summary>Answers with the same text.</summary>
    public static readonly Method<StringValue, StringValue> Say = Unary("Say");

    /// <summary>Fails with the status FAILED_PRECONDITION and the text.</summary>
    public static readonly Method<StringValue, StringValue> Fail = Unary("Fail");

    /// <summary>Fails with an exception that holds the text.</summary>
    public static readonly Method<StringValue, StringValue> Crash = Unary("Crash");

    /// <summary>Never answers, and looks at nothing.</summary>
    public static readonly Method<StringValue, StringValue> Hang = Unary("Hang");

    /// <summary>Is served by nobody.</summary>
    public static readonly Method<StringValue, StringValue> Unknown = Unary("Unknown");

    /// <summary>Answers with so many messages: a number from 0 on each, in a text of 1 KiB.</summary>
    public static readonly Method<Int32Value, StringValue> Count = new(Service, "Count", Int32Value.Parser, StringValue.Parser);

    /// <summary>Answers with an empty stream that it accepts first.</summary>
    public static readonly Method<StringValue, StringValue> Accept = Unary("Accept");

    /// <summary>Answers with one message and stays open until the caller goes.</summary>
    public static readonly Method<StringValue, StringValue> Watch = Unary("Watch");

    private static Method<StringValue, StringValue> Unary(string name) => new(Service, name, StringValue.Parser, StringValue.Parser);
}
