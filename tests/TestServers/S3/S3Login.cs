namespace Ebb.TestServers.S3;

/// <summary>Where an S3 server is and who may use it.</summary>
public sealed record S3Login(string Endpoint, string Bucket, string AccessKey, string SecretKey);
