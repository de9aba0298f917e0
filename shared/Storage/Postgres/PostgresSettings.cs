using System.Buffers;

namespace Ebb.Storage.Postgres;

/// <summary>What the settings say of a PostgreSQL store, checked.</summary>
internal sealed record PostgresSettings(PostgresAddress Address, string Schema, string? PasswordFile, string? CaFile)
{
    private static readonly SearchValues<char> SchemaCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Reads the options; what is wrong is noted, each problem with setting, value and remedy.</summary>
    public static PostgresSettings Read(HostStorageOptions options, List<string> problems)
    {
        var address = new PostgresAddressReader(problems).Read(options.Storage);
        if (options.Schema.Length is 0 or > 40 || options.Schema.AsSpan().ContainsAnyExcept(SchemaCharacters) || char.IsAsciiDigit(options.Schema[0]))
            problems.Add($"Storage:Schema is '{options.Schema}'; it must be 1 to 40 lower-case letters, digits and _, and begin with no digit.");
        CheckFile("Storage:PasswordFile", options.PasswordFile, problems);
        CheckFile("Storage:CaFile", options.CaFile, problems);
        if (address.Password is not null && options.PasswordFile is not null)
            problems.Add("Storage holds a password and Storage:PasswordFile names another; keep the file and take the password out of Storage.");
        return new(address, options.Schema, options.PasswordFile, options.CaFile);
    }

    private static void CheckFile(string setting, string? file, List<string> problems)
    {
        if (file is not null && !System.IO.File.Exists(file))
            problems.Add($"{setting} is '{file}', which does not exist or cannot be read; mount the secret there or correct the path.");
    }
}
