using Ebb.Storage.Roles;

namespace Ebb.Storage.Tests.Roles;

public sealed class StorageRolesTests
{
    [Fact]
    public void Parse_WhatWasWritten_IsTheSame()
    {
        StorageRole[] roles = [new() { Name = "ebb_door", Functions = ["F"], Sends = ["q"], Reads = ["a/"], Watches = true }, new() { Name = "ebb_w", Takes = ["q", "$timer-T"], Timers = ["T"], Writes = ["a/"] }];

        StorageRoles.ToJson(StorageRoles.Parse(StorageRoles.ToJson(roles))).ShouldBe(StorageRoles.ToJson(roles));
    }

    [Theory]
    [InlineData("[", "cannot be read")]
    [InlineData("""[{"name":"a","take":["q"]}]""", "take")]
    [InlineData("""[{"takes":["q"]}]""", "name")]
    public void Parse_NoListOfRoles_SaysWhatItIs(string json, string expected) =>
        Should.Throw<HostStorageException>(() => StorageRoles.Parse(json)).Message.ShouldContain(expected);

    [Fact]
    public void Parse_EverythingWrong_SaysItAtOnce()
    {
        var error = Should.Throw<HostStorageException>(() => StorageRoles.Parse(
            """
            [{"name":"Ebb Door","watches":true,"takes":["q","q q"],"functions":["F'; drop"]},
             {"name":"b","takes":["q"],"timers":["T"],"writes":["a/",""]},
             {"name":"b","timers":["T"],"writes":["a/b/"],"functions":["G"]},
             {"name":"c","functions":["G"]}]
            """)).Message;

        foreach (var expected in new[] { "'Ebb Door'", "could read every message", "q q", "F'; drop", "queue q of Ebb Door is also b's", "timer T", "a/b/ of b is also b's (a/)", "must not be empty", "role b", "function G" })
            error.ShouldContain(expected);
    }
}
