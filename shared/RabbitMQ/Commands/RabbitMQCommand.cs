using System.CommandLine;
using Ebb.RabbitMq.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.RabbitMq.Commands;

/// <summary><c>rabbitmq redrive &lt;queue&gt;</c>: what an app with RabbitMQ triggers adds to the command line.</summary>
public static class RabbitMQCommand
{
    /// <summary>Creates the command for the broker of the settings <c>RabbitMQ:…</c>.</summary>
    public static Command Create(IConfiguration configuration)
    {
        var queue = new Argument<string>("queue") { Description = "The queue's name, with or without -poison." };
        var redrive = new Command("redrive", "Puts the messages of <queue>-poison back into <queue>, as if never tried.") { queue };
        redrive.SetAction((parsed, cancellationToken) => RedriveAsync(configuration, parsed.GetValue(queue)!, parsed.InvocationConfiguration, cancellationToken));
        return new Command("rabbitmq", "Looks after the queues of RabbitMQ triggers.") { redrive };
    }

    private static async Task<int> RedriveAsync(
        IConfiguration configuration, string name, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        const string suffix = "-poison";
        var queue = name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
        var problems = new List<string>();
        if (RabbitMQOptionsReader.Read(configuration, problems) is not { } options || problems.Count > 0)
        {
            await console.Error.WriteLineAsync(problems.Count > 0
                ? string.Join(Environment.NewLine, problems)
                : "No RabbitMQ is configured: set RabbitMQ:Uri or RabbitMQ:Host.");
            return 2;
        }

        try
        {
            var moved = await Redrive.RunAsync(options, queue, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
            await console.Output.WriteLineAsync($"{queue}: {moved} {(moved == 1 ? "message" : "messages")} put back");
            return 0;
        }
        catch (RabbitMQException e)
        {
            await console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
