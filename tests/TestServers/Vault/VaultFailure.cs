using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Vault;

internal sealed record VaultFailure(int Status, string? Error, string? RetryAfter)
{
    public VaultAnswer Answer(HttpResponse response)
    {
        if (RetryAfter is not null)
        {
            response.Headers.RetryAfter = RetryAfter;
        }

        return Error is null ? VaultAnswer.Error(Status) : VaultAnswer.Error(Status, Error);
    }
}
