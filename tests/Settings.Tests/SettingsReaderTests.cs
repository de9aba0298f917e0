using Microsoft.Extensions.Configuration;

namespace Ebb.Settings.Tests;

public sealed class SettingsReaderTests
{
    private readonly List<string> _problems = [];

    [Fact]
    public void Read_EverythingRight_IsTakenAndNothingNoted()
    {
        var read = Reader(("A:Text", "  x  "), ("A:Flag", "True"), ("A:Number", "7"), ("A:Time", "00:00:05"), ("A:Word", "BLUE"), ("A:List:0", "a"), ("A:List:1", "b"), ("A:Url", "https://x.example/y"));

        read.Text("Text").ShouldBe("x");
        read.Flag("Flag").ShouldBeTrue();
        read.Number("Number", 1, 1, 9).ShouldBe(7);
        read.Duration("Time", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1)).ShouldBe(TimeSpan.FromSeconds(5));
        read.Choice("Word", "red or blue", 1, ("red", 1), ("blue", 2)).ShouldBe(2);
        read.Texts("List", "names").ShouldBe(["a", "b"]);
        read.Address("Url", "https://a.example").ShouldBe(new Uri("https://x.example/y"));
        _problems.ShouldBeEmpty();
    }

    [Fact]
    public void Read_EverythingWrong_IsNotedOnceEachWithKeyValueAndRemedyAndTheDefaultTaken()
    {
        var read = Reader(
            ("A:Flag", "perhaps"), ("A:Number", "10"), ("A:Time", "5"), ("A:Word", "green"), ("A:List", "a,-,b"), ("A:File", "/nowhere"),
            ("A:Url", "ftp://me:hunter2@x.example"), ("A:Plain", "http://x.example"));

        read.Flag("Flag", fallback: true).ShouldBeTrue();
        read.Flag("Flag", fallback: true).ShouldBeTrue();
        read.Number("Number", 3, 1, 9).ShouldBe(3);
        read.Duration("Time", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(7)).ShouldBe(TimeSpan.FromSeconds(2));
        read.Choice("Word", "red or blue", 1, ("red", 1), ("blue", 2)).ShouldBe(1);
        read.All("List", "letters", text => char.IsLetter(text[0])).ShouldBe(["a", "b"]);
        read.ExistingFile("File", "a file with a token").ShouldBe("/nowhere");
        read.Address("Url", "https://a.example").ShouldBeNull();
        read.Address("Plain", "https://a.example", "PlainHttp").ShouldBeNull();
        read.Required<Version>("None", "a version such as 1.2", Version.TryParse).ShouldBeNull();

        _problems.ShouldBe(
        [
            "A:Flag is 'perhaps'; write true or false.",
            "A:Number is '10'; write a whole number from 1 to 9.",
            "A:Time is '5'; write a duration as hh:mm:ss from 00:00:00.1 to 7.00:00:00.",
            "A:Word is 'green'; write red or blue.",
            "A:List holds '-'; write letters.",
            "A:File is '/nowhere', which does not exist; mount a file with a token there or correct the path.",
            "A:Url is no such URL; write a URL such as https://a.example (no user, query or fragment).",
            "A:Plain 'http://x.example' would send everything unencrypted; use https, or set A:PlainHttp to true.",
            "A:None is not set; write a version such as 1.2.",
        ]);
    }

    [Fact]
    public void Read_Alias_CountsWhereTheSettingIsSilent()
    {
        var read = Reader(("OLD", "old"), ("OLDER", "older"), ("A:Both", "new"), ("BOTH", "old"), ("A:Blank", " "), ("BLANK", "old"));

        read.Text(new SettingKey("One", "NONE", "OLD", "OLDER")).ShouldBe("old");
        read.Text(new SettingKey("Both", "BOTH")).ShouldBe("new");
        read.Text(new SettingKey("Blank", "BLANK")).ShouldBe("old");
    }

    [Fact]
    public void Secret_BlanksAroundIt_StayForTheyMayBePartOfIt() => Reader(("A:Password", " geheim ")).Secret("Password").ShouldBe(" geheim ");

    [Fact]
    public void Sections_InOrder_EachKnowsItsNameAndPath() =>
        Reader(("A:B:one:X", "1"), ("A:B:two:X", "2")).Sections("B", section => $"{section.Name} {section.Path} {section.Text("X")}").ShouldBe(["one A:B:one 1", "two A:B:two 2"]);

    [Fact]
    public void Unknown_WhatNothingHasRead_IsNamed()
    {
        var read = Reader(("A:Known", "1"), ("A:List:0", "1"), ("A:Knwon", "1"), ("A:Other", "1"));
        read.Text("Known");
        read.Texts("List", "names");
        read.Unknown("other").ShouldBe(["A:Knwon is not known; known are Known, List."]);
    }

    [Fact]
    public void Catalog_WhatWasRead_IsListedWithFormDefaultAndSourceAndWithoutSecrets()
    {
        var catalog = new SettingsCatalog(new ConfigurationBuilder()
            .AddInMemoryCollection([Pair("A:Default", "from the app")])
            .AddCommandLine(["--A:Number=7", "--A:Password=geheim", "--A:Url=postgres://me:geheim@db/x", "--A:List:0=a", "--A:Nubmer=8", "--Elsewhere:X=1"]).Build());
        var read = new SettingsReader(catalog, _problems, "A");
        read.Number("Number", 3, 1, 9);
        read.Secret("Password");
        read.Text("Url", "an address");
        read.Text("Default");
        read.Texts("List", "letters");
        read.Sections("Many", section => section.Flag("On"));

        catalog.Settings.Select(setting => (setting.Name, setting.Form, setting.Default, setting.Value, setting.Source)).ShouldBe(
        [
            ("A:Default", "a text", null, "from the app", "app"),
            ("A:List", "letters, as a list or with commas between them", null, null, null),
            ("A:Many:<n>:On", "true or false", "false", null, null),
            ("A:Number", "a whole number from 1 to 9", "3", "7", "command line"),
            ("A:Password", "a secret; a file is better", null, "(set)", "command line"),
            ("A:Url", "an address", null, "postgres://…@db/x", "command line"),
        ]);
        catalog.Unknown().ShouldBe(["A:Nubmer is not known, and nothing reads it."]);
        string.Join('\n', catalog.Settings).ShouldNotContain("geheim");
    }

    private static KeyValuePair<string, string?> Pair(string key, string value) => KeyValuePair.Create(key, (string?)value);

    private SettingsReader Reader(params (string Key, string Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => Pair(setting.Key, setting.Value))).Build(), _problems, "A");
}
