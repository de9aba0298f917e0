using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Stores;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Changes;

/// <summary>One line for each change, for those who must be able to say who changed what.</summary>
public sealed partial class ChangeAudit(ILogger<ChangeAudit> logger)
{
    private const string None = "none";
    private const string Nobody = "nobody";

    internal void Written(SecretPlace place, string? oldTag, MadeChange change) =>
        LogWritten(
            logger, change.Change, place.Application, place.Environment, change.By ?? Nobody, change.ApprovedBy ?? Nobody, oldTag ?? None, change.From ?? None, change.Tag ?? None, change.Version,
            change.Build ?? None, change.Commit ?? None, change.Run);

    internal void Noted(SecretPlace place, string what, string? tag, ChangeRun run) =>
        LogNoted(logger, what, place.Application, place.Environment, run.By ?? Nobody, tag ?? None, run.Id);

    [LoggerMessage(6001, LogLevel.Information,
        "Audit: {Change} of {Application}/{Environment} by {By}, approved by {ApprovedBy}: {OldTag} (version {OldVersion}) to {NewTag} (version {NewVersion}), build {Build}, commit {Commit}, run {Run}")]
    private static partial void LogWritten(
        ILogger logger, string change, string application, string environment, string by, string approvedBy, string oldTag, string oldVersion, string newTag, string newVersion, string build, string commit, string run);

    [LoggerMessage(6002, LogLevel.Information, "Audit: {Change} of {Application}/{Environment} by {By}: {Tag}, run {Run}")]
    private static partial void LogNoted(ILogger logger, string change, string application, string environment, string by, string tag, string run);
}
