using System.Globalization;
using System.Text.Json.Nodes;

namespace Ebb.Manifests.Documents;

/// <summary>What functions with RabbitMQ triggers need: KEDA's trigger, its credentials, the pod's settings.</summary>
internal static class RabbitDocuments
{
    /// <summary>Holds <c>username</c>, <c>password</c>, <c>ca.crt</c>, and for KEDA <c>management-uri</c> and <c>tls</c>.</summary>
    public const string Secret = "ebb-rabbitmq";

    public const string Directory = "/run/secrets/ebb/rabbitmq";

    // As many as one worker holds at once.
    private const int RetriesPerReplica = 1000;

    public static string AuthenticationName(PlannedApp app) => $"{app.Name}-rabbitmq";

    /// <summary>
    /// One trigger for a queue. Over the management API, because over AMQP unacknowledged messages are not counted and busy pods would be
    /// scaled down (kedacore/keda#638).
    /// </summary>
    public static JsonObject Trigger(PlannedApp app, string queue, int perReplica) => new()
    {
        ["type"] = "rabbitmq",
        ["metadata"] = new JsonObject
        {
            ["queueName"] = queue,
            ["protocol"] = "http",
            ["mode"] = "QueueLength",
            ["value"] = perReplica.ToString(CultureInfo.InvariantCulture),
            ["activationValue"] = "0",
        },
        ["authenticationRef"] = new JsonObject { ["name"] = AuthenticationName(app) },
    };

    /// <summary>Keeps a pod up while retries wait, for it is the pod that brings them back when they are due.</summary>
    public static JsonObject RetryTrigger(PlannedApp app, string queue) => Trigger(app, $"{queue}-retry", RetriesPerReplica);

    public static JsonObject Authentication(PlannedApp app) => new()
    {
        ["apiVersion"] = "keda.sh/v1alpha1",
        ["kind"] = "TriggerAuthentication",
        ["metadata"] = Metadata.Of(app, AuthenticationName(app)),
        ["spec"] = new JsonObject
        {
            ["secretTargetRef"] = new JsonArray(
                Reference("host", "management-uri"), Reference("username", "username"), Reference("password", "password"),
                Reference("tls", "tls"), Reference("ca", "ca.crt")),
        },
    };

    public static void AddSettings(Dictionary<string, string> settings)
    {
        settings["RabbitMQ:Tls"] = "true";
        settings["RabbitMQ:UserNameFile"] = $"{Directory}/username";
        settings["RabbitMQ:PasswordFile"] = $"{Directory}/password";
        settings["RabbitMQ:CaFile"] = $"{Directory}/ca.crt";
    }

    private static JsonObject Reference(string parameter, string key) =>
        new() { ["parameter"] = parameter, ["name"] = Secret, ["key"] = key };
}
