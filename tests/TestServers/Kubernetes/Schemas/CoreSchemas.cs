namespace Ebb.TestServers.Kubernetes.Schemas;

/// <summary>Built-in types as of Kubernetes 1.32 (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.32/).</summary>
internal static class CoreSchemas
{
    private const string ObjectMeta = """
        name:s generateName:s namespace:s selfLink:s uid:s resourceVersion:s generation:i creationTimestamp:s deletionTimestamp:s deletionGracePeriodSeconds:i
        labels<>:s annotations<>:s finalizers[=]:s
        ownerReferences[uid]{ apiVersion!:s kind!:s name!:s uid!:s controller:b blockOwnerDeletion:b }
        managedFields[]{ manager:s operation:s apiVersion:s time:s fieldsType:s fieldsV1:any subresource:s }
        """;

    private const string LabelSelector = "matchLabels<>:s matchExpressions[]{ key!:s operator!:In|NotIn|Exists|DoesNotExist values[]:s }";

    private const string Probe = """
        exec{ command[]:s } httpGet{ host:s httpHeaders[]{ name!:s value!:s } path:s port!:is scheme:s } tcpSocket{ host:s port!:is } grpc{ port!:i service:s }
        failureThreshold:i initialDelaySeconds:i periodSeconds:i successThreshold:i terminationGracePeriodSeconds:i timeoutSeconds:i
        """;

    private const string Handler = "exec{ command[]:s } httpGet{ host:s httpHeaders[]{ name!:s value!:s } path:s port!:is scheme:s } tcpSocket{ host:s port!:is } sleep{ seconds!:i }";

    private const string SecurityContext = """
        allowPrivilegeEscalation:b privileged:b procMount:s readOnlyRootFilesystem:b runAsGroup:i runAsNonRoot:b runAsUser:i
        appArmorProfile{ type!:s localhostProfile:s } capabilities{ add[]:s drop[]:s } seccompProfile{ type!:RuntimeDefault|Unconfined|Localhost localhostProfile:s }
        seLinuxOptions{ level:s role:s type:s user:s } windowsOptions{ gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b runAsUserName:s }
        """;

    private const string Container = """
        name!:s image:s imagePullPolicy:Always|IfNotPresent|Never command[]:s args[]:s workingDir:s stdin:b stdinOnce:b tty:b restartPolicy:s
        terminationMessagePath:s terminationMessagePolicy:File|FallbackToLogsOnError
        env[name]{ name!:s value:s valueFrom{ configMapKeyRef{ key!:s name:s optional:b } secretKeyRef{ key!:s name:s optional:b }
          fieldRef{ apiVersion:s fieldPath!:s } resourceFieldRef{ containerName:s divisor:q resource!:s } } }
        envFrom[]{ configMapRef{ name:s optional:b } prefix:s secretRef{ name:s optional:b } }
        lifecycle{ postStart@Handler preStop@Handler } livenessProbe@Probe readinessProbe@Probe startupProbe@Probe
        ports[containerPort,protocol]{ containerPort!:i hostIP:s hostPort:i name:s protocol:TCP|UDP|SCTP }
        resizePolicy[]{ resourceName!:s restartPolicy!:s } resources{ limits<>:q requests<>:q claims[name]{ name!:s request:s } }
        securityContext@SecurityContext volumeDevices[devicePath]{ devicePath!:s name!:s }
        volumeMounts[mountPath]{ mountPath!:s name!:s mountPropagation:s readOnly:b recursiveReadOnly:s subPath:s subPathExpr:s }
        """;

    private const string KeyToPath = "key!:s mode:i path!:s";

    private const string Volume = """
        name!:s configMap{ defaultMode:i items[]@KeyToPath name:s optional:b } secret{ defaultMode:i items[]@KeyToPath optional:b secretName:s }
        emptyDir{ medium:s sizeLimit:q } hostPath{ path!:s type:s } persistentVolumeClaim{ claimName!:s readOnly:b } nfs{ path!:s readOnly:b server!:s }
        downwardAPI{ defaultMode:i items[]@DownwardFile } image{ pullPolicy:s reference:s } csi{ driver!:s fsType:s nodePublishSecretRef{ name:s } readOnly:b volumeAttributes<>:s }
        ephemeral{ volumeClaimTemplate{ metadata@ObjectMeta spec!:any } }
        projected{ defaultMode:i sources[]{ configMap{ items[]@KeyToPath name:s optional:b } secret{ items[]@KeyToPath name:s optional:b }
          downwardAPI{ items[]@DownwardFile } serviceAccountToken{ audience:s expirationSeconds:i path!:s } clusterTrustBundle:any } }
        """;

    private const string PodSpec = """
        containers![name]@Container initContainers[name]@Container ephemeralContainers[name]:any volumes[name]@Volume
        activeDeadlineSeconds:i affinity:any automountServiceAccountToken:b dnsConfig{ nameservers[]:s options[]{ name:s value:s } searches[]:s } dnsPolicy:s enableServiceLinks:b
        hostAliases[ip]{ hostnames[]:s ip!:s } hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s imagePullSecrets[name]{ name:s } nodeName:s nodeSelector~<>:s os{ name!:s }
        overhead<>:q preemptionPolicy:s priority:i priorityClassName:s readinessGates[]{ conditionType!:s } resourceClaims[name]{ name!:s resourceClaimName:s resourceClaimTemplateName:s }
        resources{ limits<>:q requests<>:q claims[name]{ name!:s request:s } } restartPolicy:Always|OnFailure|Never runtimeClassName:s schedulerName:s schedulingGates[name]{ name!:s }
        securityContext{ appArmorProfile{ type!:s localhostProfile:s } fsGroup:i fsGroupChangePolicy:s runAsGroup:i runAsNonRoot:b runAsUser:i seLinuxChangePolicy:s
          seLinuxOptions{ level:s role:s type:s user:s } seccompProfile{ type!:RuntimeDefault|Unconfined|Localhost localhostProfile:s } supplementalGroups[]:i supplementalGroupsPolicy:s
          sysctls[]{ name!:s value!:s } windowsOptions:any }
        serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:i
        tolerations[]{ effect:s key:s operator:s tolerationSeconds:i value:s }
        topologySpreadConstraints[topologyKey,whenUnsatisfiable]{ labelSelector@LabelSelector matchLabelKeys[]:s maxSkew!:i minDomains:i nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey!:s whenUnsatisfiable!:s }
        """;

    private const string Peer = "ipBlock{ cidr!:s except[]:s } namespaceSelector~@LabelSelector podSelector~@LabelSelector";

    private const string Port = "endPort:i port:is protocol:TCP|UDP|SCTP";

    private static readonly Dictionary<string, Schema> Parts = Define();

    public static Schema Of(string spec, string? status = null, string more = "")
    {
        var text = $"apiVersion:s kind:s metadata@ObjectMeta {(spec.Length == 0 ? "" : $"spec{{ {spec} }}")} {(status is null ? "" : $"status{{ {status} }}")} {more}";
        return SchemaText.Parse(text, Parts);
    }

    public const string Conditions = "conditions[type]{ type!:s status!:s reason:s message:s lastTransitionTime:s lastUpdateTime:s lastProbeTime:s lastHeartbeatTime:s observedGeneration:i }";

    public const string Pod = PodSpec;

    public const string PodStatus = $"phase:s reason:s message:s hostIP:s hostIPs[]:any podIP:s podIPs[ip]{{ ip!:s }} startTime:s qosClass:s nominatedNodeName:s resize:s observedGeneration:i {Conditions} containerStatuses[]:any initContainerStatuses[]:any ephemeralContainerStatuses[]:any";

    public const string Deployment = """
        minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i revisionHistoryLimit:i selector!~@LabelSelector
        strategy{ type:Recreate|RollingUpdate rollingUpdate{ maxSurge:is maxUnavailable:is } } template!{ metadata@ObjectMeta spec@PodSpec }
        """;

    public const string DeploymentStatus = $"availableReplicas:i collisionCount:i observedGeneration:i readyReplicas:i replicas:i unavailableReplicas:i updatedReplicas:i terminatingReplicas:i {Conditions}";

    public const string StatefulSet = """
        minReadySeconds:i ordinals{ start:i } persistentVolumeClaimRetentionPolicy{ whenDeleted:s whenScaled:s } podManagementPolicy:s replicas:i revisionHistoryLimit:i selector!~@LabelSelector
        serviceName:s template!{ metadata@ObjectMeta spec@PodSpec } updateStrategy{ type:s rollingUpdate{ maxUnavailable:is partition:i } } volumeClaimTemplates[]:any
        """;

    public const string StatefulSetStatus = $"availableReplicas:i collisionCount:i currentReplicas:i currentRevision:s observedGeneration:i readyReplicas:i replicas:i updateRevision:s updatedReplicas:i {Conditions}";

    public const string DaemonSet = """
        minReadySeconds:i revisionHistoryLimit:i selector!~@LabelSelector template!{ metadata@ObjectMeta spec@PodSpec } updateStrategy{ type:s rollingUpdate{ maxSurge:is maxUnavailable:is } }
        """;

    public const string DaemonSetStatus = $"collisionCount:i currentNumberScheduled:i desiredNumberScheduled:i numberAvailable:i numberMisscheduled:i numberReady:i numberUnavailable:i observedGeneration:i updatedNumberScheduled:i {Conditions}";

    public const string NetworkPolicy = """
        podSelector~@LabelSelector policyTypes[]:s ingress[]{ from[]@Peer ports[]@Port } egress[]{ to[]@Peer ports[]@Port }
        """;

    public const string ResourceQuota = "hard<>:q scopes[]:s scopeSelector~{ matchExpressions[]{ operator!:s scopeName!:s values[]:s } }";

    public const string LimitRange = "limits![]{ type!:s default<>:q defaultRequest<>:q max<>:q maxLimitRequestRatio<>:q min<>:q }";

    private static Dictionary<string, Schema> Define()
    {
        var parts = new Dictionary<string, Schema>();
        (string Name, string Text)[] texts =
        [
            ("ObjectMeta", ObjectMeta), ("LabelSelector", LabelSelector), ("Probe", Probe), ("Handler", Handler), ("SecurityContext", SecurityContext),
            ("Container", Container), ("KeyToPath", KeyToPath),
            ("DownwardFile", "fieldRef{ apiVersion:s fieldPath!:s } mode:i path!:s resourceFieldRef{ containerName:s divisor:q resource!:s }"),
            ("Volume", Volume), ("PodSpec", PodSpec), ("Peer", Peer), ("Port", Port),
        ];
        foreach (var (name, text) in texts)
        {
            parts[name] = SchemaText.Parse(text, parts);
        }

        return parts;
    }
}
