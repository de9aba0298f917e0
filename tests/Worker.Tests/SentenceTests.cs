namespace Ebb.Worker.Tests;

public sealed class SentenceTests
{
    [Theory]
    [InlineData("It is gone", "It is gone.")]
    [InlineData("It is gone.", "It is gone.")]
    [InlineData("It is gone.. ", "It is gone.")]
    [InlineData("Is it gone?", "Is it gone?")]
    [InlineData("", ".")]
    public void Of_AnyEnd_HasOneFullStop(string text, string expected) => Sentence.Of(text).ShouldBe(expected);

    [Theory]
    [InlineData("the value is null.", "at $, the value is null. Correct")]
    [InlineData("the value is null", "at $, the value is null. Correct")]
    public void MessageFormatException_ReasonOfAnyEnd_IsOneSentence(string reason, string expected) =>
        new MessageFormatException(typeof(string), "$", reason).Message.ShouldContain(expected);
}
