using Ebb.Worker.Commands;

namespace Ebb.Worker.Tests.Commands;

public sealed class TextTableTests
{
    private readonly TextTable _table = new("NAME", "WHAT");

    public TextTableTests()
    {
        _table.Add("one", "something that is rather long");
        _table.Add("another", null);
    }

    [Fact]
    public void Lines_NoTerminal_NothingIsCut() =>
        _table.Lines(null).ShouldBe(["NAME     WHAT", "one      something that is rather long", "another  -"]);

    [Fact]
    public void Lines_NarrowTerminal_TheWidestColumnGivesWay()
    {
        _table.Lines(24).ShouldBe(["NAME     WHAT", "one      something that…", "another  -"]);
        _table.Lines(24).ShouldAllBe(line => line.Length <= 24);
    }

    [Fact]
    public void Lines_TerminalOfNoWidth_EachColumnKeepsSomething() => _table.Lines(1).ElementAt(1).ShouldBe("one      somethi…");
}
