using System.Text;
using Ebb.Signing;

namespace Ebb.ImageMirror.Commands;

/// <summary>Where the password of a new key comes from: a file, the settings that the key will be read with, else the terminal or standard input.</summary>
internal static class PasswordSource
{
    public static string Read(string? option, SigningOptions options)
    {
        if ((option ?? options.PasswordFile) is { } file)
        {
            var text = File.ReadAllText(file);
            return text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
        }

        return options.Password ?? (Console.IsInputRedirected ? FromInput() : FromTerminal());
    }

    private static string FromInput() => Console.In.ReadLine()
        ?? throw new SigningException("There is no password. Give --password-file, set COSIGN_PASSWORD (an empty value is a valid password), or run this in a terminal.");

    private static string FromTerminal()
    {
        var first = Ask("Enter password for private key: ");
        return Ask("Enter password for private key again: ") == first
            ? first
            : throw new SigningException("The two passwords differ. Nothing was written.");
    }

    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
