namespace Ebb.Manifests.Charts;

/// <summary>What Helm prints after it installed.</summary>
internal static class ChartNotes
{
    public static string Text(IReadOnlyList<PlannedApp> apps)
    {
        var ns = apps[0].Options.Namespace;
        return $$$"""
            Ebb is installed in the namespace {{{ns}}}. What to check:

            {{- if eq .Values.storage.kind "postgresql" }}
              kubectl -n {{{ns}}} wait --for=condition=complete --timeout=30m job/ebb-storage-{{ .Release.Revision }}
              kubectl -n {{{ns}}} get pods,scaledobject
            The Job makes the tables. ebb-scaler and webhooks are up then; workers come up once and go to zero.
            {{- end }}
            {{- if eq .Values.storage.kind "sqlite" }}
              kubectl -n {{{ns}}} rollout status deployment/ebb
            {{- end }}
            {{- if .Values.externalSecrets.enabled }}
              kubectl -n {{{ns}}} wait --for=condition=Ready externalsecret/ebb-function-keys
            {{- end }}

            The first request, with a key of the Secret {{ .Values.secrets.functionKeys | quote }}:

              curl -X POST https://{{ .Values.host }}/api/images/mirror -H "x-functions-key: $KEY" -H 'Content-Type: application/json' -d '{"dryRun":true}'

            When a pod does not start: kubectl -n {{{ns}}} get events --sort-by=.lastTimestamp

            """;
    }
}
