namespace Ebb.RabbitMq;

/// <summary>RabbitMQ did not do what was asked. The message says what failed, why, and what to do; it holds no secret.</summary>
public sealed class RabbitMQException(string message, Exception? inner = null) : Exception(message, inner);
