/**
 * The fields of upstream's internal structs for pods, volumes, jobs, Services, nodes, budgets and flow control, in their
 * order (pkg/apis/{core,batch,networking,policy,flowcontrol}/types.go): a field's name in Go, its name in JSON where that is not the same
 * with a small first letter, and its type where that is not a string. `*` may be absent, `[]` is a list, `{}` a map.
 */
export const INTERNAL_TYPES = `
AWSElasticBlockStoreVolumeSource: VolumeID, FSType=fsType, Partition int, ReadOnly bool
Affinity: NodeAffinity NodeAffinity*, PodAffinity PodAffinity*, PodAntiAffinity PodAntiAffinity*
AllocationResult: Devices DeviceAllocationResult, NodeSelector any*, AllocationTimestamp string*
AppArmorProfile: Type, LocalhostProfile string*
AzureDiskVolumeSource: DiskName, DataDiskURI=diskURI, CachingMode string*, FSType=fsType string*, ReadOnly bool*, Kind string*
AzureFilePersistentVolumeSource: SecretName, ShareName, ReadOnly bool, SecretNamespace string*
AzureFileVolumeSource: SecretName, ShareName, ReadOnly bool
CELDeviceSelector: Expression
CSIPersistentVolumeSource: Driver, VolumeHandle, ReadOnly bool, FSType=fsType, VolumeAttributes any{}, ControllerPublishSecretRef SecretReference*, NodeStageSecretRef SecretReference*, NodePublishSecretRef SecretReference*, ControllerExpandSecretRef SecretReference*, NodeExpandSecretRef SecretReference*
CSIVolumeSource: Driver, ReadOnly bool*, FSType=fsType string*, VolumeAttributes any{}, NodePublishSecretRef LocalObjectReference*
Capabilities: Add string[], Drop string[]
CapacityRequirements: Requests any{}
CephFSPersistentVolumeSource: Monitors string[], Path, User, SecretFile, SecretRef SecretReference*, ReadOnly bool
CephFSVolumeSource: Monitors string[], Path, User, SecretFile, SecretRef LocalObjectReference*, ReadOnly bool
CinderPersistentVolumeSource: VolumeID, FSType=fsType, ReadOnly bool, SecretRef SecretReference*
CinderVolumeSource: VolumeID, FSType=fsType, ReadOnly bool, SecretRef LocalObjectReference*
ClusterTrustBundleProjection: Name string*, SignerName string*, LabelSelector any*, Optional bool*, Path
ConfigMapEnvSource: Name, Optional bool*
ConfigMapKeySelector: Name, Key, Optional bool*
ConfigMapProjection: Name, Items KeyToPath[], Optional bool*
ConfigMapVolumeSource: Name, Items KeyToPath[], DefaultMode int*, Optional bool*
Container: Name, Image, Command string[], Args string[], WorkingDir, Ports ContainerPort[], EnvFrom EnvFromSource[], Env EnvVar[], Resources ResourceRequirements, ResizePolicy ContainerResizePolicy[], RestartPolicy string*, RestartPolicyRules ContainerRestartRule[], VolumeMounts VolumeMount[], VolumeDevices VolumeDevice[], LivenessProbe Probe*, ReadinessProbe Probe*, StartupProbe Probe*, Lifecycle Lifecycle*, TerminationMessagePath, TerminationMessagePolicy, ImagePullPolicy, SecurityContext SecurityContext*, Stdin bool, StdinOnce bool, TTY=tty bool
ContainerPort: Name, HostPort int, ContainerPort int, Protocol, HostIP
ContainerResizePolicy: ResourceName, RestartPolicy
ContainerRestartRule: Action, ExitCodes ContainerRestartRuleOnExitCodes*
ContainerRestartRuleOnExitCodes: Operator, Values int[]
DeviceAllocationConfiguration: Source, Requests string[], Opaque OpaqueDeviceConfiguration*
DeviceAllocationResult: Results DeviceRequestAllocationResult[], Config DeviceAllocationConfiguration[]
DeviceAttribute: IntValue=int int*, BoolValue=bool bool*, StringValue=string string*, VersionValue=version string*
DeviceClaim: Requests DeviceRequest[], Constraints DeviceConstraint[], Config DeviceClaimConfiguration[]
DeviceClaimConfiguration: Requests string[], Opaque OpaqueDeviceConfiguration*
DeviceConstraint: Requests string[], MatchAttribute string*, DistinctAttribute string*
DeviceRequest: Name, Exactly ExactDeviceRequest*, FirstAvailable DeviceSubRequest[]
DeviceRequestAllocationResult: Request, Driver, Pool, Device, AdminAccess bool*, Tolerations any[], BindingConditions string[], BindingFailureConditions string[], ShareID=shareID string*, ConsumedCapacity any{}
DeviceSelector: CEL=cel CELDeviceSelector*
DeviceSubRequest: Name, DeviceClassName, Selectors DeviceSelector[], AllocationMode, Count int, Tolerations any[], Capacity CapacityRequirements*
DownwardAPIProjection: Items DownwardAPIVolumeFile[]
DownwardAPIVolumeFile: Path, FieldRef ObjectFieldSelector*, ResourceFieldRef ResourceFieldSelector*, Mode int*
DownwardAPIVolumeSource: Items DownwardAPIVolumeFile[], DefaultMode int*
EmptyDirVolumeSource: Medium, SizeLimit quantity*
EnvFromSource: Prefix, ConfigMapRef ConfigMapEnvSource*, SecretRef SecretEnvSource*
EnvVar: Name, Value, ValueFrom EnvVarSource*
EnvVarSource: FieldRef ObjectFieldSelector*, ResourceFieldRef ResourceFieldSelector*, ConfigMapKeyRef ConfigMapKeySelector*, SecretKeyRef SecretKeySelector*, FileKeyRef FileKeySelector*
EphemeralContainer: Name, Image, Command string[], Args string[], WorkingDir, Ports ContainerPort[], EnvFrom EnvFromSource[], Env EnvVar[], Resources ResourceRequirements, ResizePolicy ContainerResizePolicy[], RestartPolicy string*, RestartPolicyRules ContainerRestartRule[], VolumeMounts VolumeMount[], VolumeDevices VolumeDevice[], LivenessProbe Probe*, ReadinessProbe Probe*, StartupProbe Probe*, Lifecycle Lifecycle*, TerminationMessagePath, TerminationMessagePolicy, ImagePullPolicy, SecurityContext SecurityContext*, Stdin bool, StdinOnce bool, TTY=tty bool, TargetContainerName
EphemeralVolumeSource: VolumeClaimTemplate PersistentVolumeClaimTemplate*
ExactDeviceRequest: DeviceClassName, Selectors DeviceSelector[], AllocationMode, Count int, AdminAccess bool*, Tolerations any[], Capacity CapacityRequirements*
ExecAction: Command string[]
ExemptPriorityLevelConfiguration: NominalConcurrencyShares int*, LendablePercent int*
FCVolumeSource: TargetWWNs string[], Lun int*, FSType=fsType, ReadOnly bool, WWIDs=wwids string[]
FileKeySelector: VolumeName, Path, Key, Optional bool*
FlexPersistentVolumeSource: Driver, FSType=fsType, SecretRef SecretReference*, ReadOnly bool, Options any{}
FlexVolumeSource: Driver, FSType=fsType, SecretRef LocalObjectReference*, ReadOnly bool, Options any{}
FlockerVolumeSource: DatasetName, DatasetUUID
FlowDistinguisherMethod: Type
FlowSchemaSpec: PriorityLevelConfiguration PriorityLevelConfigurationReference, MatchingPrecedence int, DistinguisherMethod FlowDistinguisherMethod*, Rules PolicyRulesWithSubjects[]
GCEPersistentDiskVolumeSource: PDName=pdName, FSType=fsType, Partition int, ReadOnly bool
GRPCAction: Port int, Service string*
GitRepoVolumeSource: Repository, Revision, Directory
GlusterfsPersistentVolumeSource: EndpointsName=endpoints, Path, ReadOnly bool, EndpointsNamespace string*
GlusterfsVolumeSource: EndpointsName=endpoints, Path, ReadOnly bool
GroupSubject: Name
HTTPGetAction: Path, Port any, Host, Scheme, HTTPHeaders=httpHeaders HTTPHeader[]
HTTPHeader: Name, Value
HostAlias: IP=ip, Hostnames string[]
HostPathVolumeSource: Path, Type string*
ISCSIPersistentVolumeSource: TargetPortal, IQN=iqn, Lun int, ISCSIInterface=iscsiInterface, FSType=fsType, ReadOnly bool, Portals string[], DiscoveryCHAPAuth=chapAuthDiscovery bool, SessionCHAPAuth=chapAuthSession bool, SecretRef SecretReference*, InitiatorName string*
ISCSIVolumeSource: TargetPortal, IQN=iqn, Lun int, ISCSIInterface=iscsiInterface, FSType=fsType, ReadOnly bool, Portals string[], DiscoveryCHAPAuth=chapAuthDiscovery bool, SessionCHAPAuth=chapAuthSession bool, SecretRef LocalObjectReference*, InitiatorName string*
ImageVolumeSource: Reference, PullPolicy
KeyToPath: Key, Path, Mode int*
Lifecycle: PostStart LifecycleHandler*, PreStop LifecycleHandler*, StopSignal string*
LifecycleHandler: Exec ExecAction*, HTTPGet=httpGet HTTPGetAction*, TCPSocket=tcpSocket TCPSocketAction*, Sleep SleepAction*
LimitResponse: Type, Queuing QueuingConfiguration*
LimitedPriorityLevelConfiguration: NominalConcurrencyShares int, LimitResponse LimitResponse, LendablePercent int*, BorrowingLimitPercent int*
LocalObjectReference: Name
LocalVolumeSource: Path, FSType=fsType string*
NFSVolumeSource: Server, Path, ReadOnly bool
NodeAddress: Type, Address
NodeAffinity: RequiredDuringSchedulingIgnoredDuringExecution NodeSelector*, PreferredDuringSchedulingIgnoredDuringExecution PreferredSchedulingTerm[]
NodeSelector: NodeSelectorTerms NodeSelectorTerm[]
NodeSelectorRequirement: Key, Operator, Values string[]
NodeSelectorTerm: MatchExpressions NodeSelectorRequirement[], MatchFields NodeSelectorRequirement[]
NonResourcePolicyRule: Verbs string[], NonResourceURLs string[]
ObjectFieldSelector: APIVersion=apiVersion, FieldPath
ObjectReference: Kind, Namespace, Name, UID=uid, APIVersion=apiVersion, ResourceVersion, FieldPath
OpaqueDeviceConfiguration: Driver, Parameters any
ParentReference: Group, Resource, Namespace, Name
PersistentVolumeClaimSpec: AccessModes string[], Selector any*, Resources VolumeResourceRequirements, VolumeName, StorageClassName string*, VolumeMode string*, DataSource TypedLocalObjectReference*, DataSourceRef TypedObjectReference*, VolumeAttributesClassName string*
PersistentVolumeClaimTemplate: Name, GenerateName, Namespace, SelfLink, UID=uid, ResourceVersion, Generation int, CreationTimestamp any, DeletionTimestamp any*, DeletionGracePeriodSeconds int*, Labels any{}, Annotations any{}, OwnerReferences any[], Finalizers string[], ManagedFields any[], Spec PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource: ClaimName, ReadOnly bool
PersistentVolumeSource: GCEPersistentDisk=gcePersistentDisk GCEPersistentDiskVolumeSource*, AWSElasticBlockStore=awsElasticBlockStore AWSElasticBlockStoreVolumeSource*, HostPath HostPathVolumeSource*, Glusterfs GlusterfsPersistentVolumeSource*, NFS=nfs NFSVolumeSource*, RBD=rbd RBDPersistentVolumeSource*, Quobyte QuobyteVolumeSource*, ISCSI=iscsi ISCSIPersistentVolumeSource*, FlexVolume FlexPersistentVolumeSource*, Cinder CinderPersistentVolumeSource*, CephFS=cephfs CephFSPersistentVolumeSource*, FC=fc FCVolumeSource*, Flocker FlockerVolumeSource*, AzureFile AzureFilePersistentVolumeSource*, VsphereVolume VsphereVirtualDiskVolumeSource*, AzureDisk AzureDiskVolumeSource*, PhotonPersistentDisk PhotonPersistentDiskVolumeSource*, PortworxVolume PortworxVolumeSource*, ScaleIO ScaleIOPersistentVolumeSource*, Local LocalVolumeSource*, StorageOS=storageos StorageOSPersistentVolumeSource*, CSI=csi CSIPersistentVolumeSource*
PhotonPersistentDiskVolumeSource: PdID, FSType=fsType
PodAffinity: RequiredDuringSchedulingIgnoredDuringExecution PodAffinityTerm[], PreferredDuringSchedulingIgnoredDuringExecution WeightedPodAffinityTerm[]
PodAffinityTerm: LabelSelector any*, Namespaces string[], TopologyKey, NamespaceSelector any*, MatchLabelKeys string[], MismatchLabelKeys string[]
PodAntiAffinity: RequiredDuringSchedulingIgnoredDuringExecution PodAffinityTerm[], PreferredDuringSchedulingIgnoredDuringExecution WeightedPodAffinityTerm[]
PodCertificateProjection: SignerName, KeyType, MaxExpirationSeconds int*, CredentialBundlePath, KeyPath, CertificateChainPath, UserAnnotations any{}
PodDNSConfig: Nameservers string[], Searches string[], Options PodDNSConfigOption[]
PodDNSConfigOption: Name, Value string*
PodDisruptionBudgetSpec: MinAvailable any*, Selector any*, MaxUnavailable any*, UnhealthyPodEvictionPolicy string*
PodFailurePolicy: Rules PodFailurePolicyRule[]
PodFailurePolicyOnExitCodesRequirement: ContainerName string*, Operator, Values int[]
PodFailurePolicyOnPodConditionsPattern: Type, Status
PodFailurePolicyRule: Action, OnExitCodes PodFailurePolicyOnExitCodesRequirement*, OnPodConditions PodFailurePolicyOnPodConditionsPattern[]
PodOS: Name
PodReadinessGate: ConditionType
PodResourceClaim: Name, ResourceClaimName string*, ResourceClaimTemplateName string*
PodSchedulingGate: Name
PodSecurityContext: HostNetwork bool, HostPID bool, HostIPC bool, ShareProcessNamespace bool*, HostUsers bool*, SELinuxOptions=seLinuxOptions SELinuxOptions*, WindowsOptions WindowsSecurityContextOptions*, RunAsUser int*, RunAsGroup int*, RunAsNonRoot bool*, SupplementalGroups int[], SupplementalGroupsPolicy string*, FSGroup=fsGroup int*, FSGroupChangePolicy=fsGroupChangePolicy string*, Sysctls Sysctl[], SeccompProfile SeccompProfile*, AppArmorProfile AppArmorProfile*, SELinuxChangePolicy=seLinuxChangePolicy string*
PodSpec: Volumes Volume[], InitContainers Container[], Containers Container[], EphemeralContainers EphemeralContainer[], RestartPolicy, TerminationGracePeriodSeconds int*, ActiveDeadlineSeconds int*, DNSPolicy=dnsPolicy, NodeSelector any{}, ServiceAccountName, AutomountServiceAccountToken bool*, NodeName, SecurityContext PodSecurityContext*, ImagePullSecrets LocalObjectReference[], Hostname, Subdomain, SetHostnameAsFQDN bool*, Affinity Affinity*, SchedulerName, Tolerations Toleration[], HostAliases HostAlias[], PriorityClassName, Priority int*, PreemptionPolicy string*, DNSConfig=dnsConfig PodDNSConfig*, ReadinessGates PodReadinessGate[], RuntimeClassName string*, Overhead any{}, EnableServiceLinks bool*, TopologySpreadConstraints TopologySpreadConstraint[], OS=os PodOS*, SchedulingGates PodSchedulingGate[], ResourceClaims PodResourceClaim[], Resources ResourceRequirements*, HostnameOverride string*, WorkloadRef WorkloadReference*
PolicyRulesWithSubjects: Subjects Subject[], ResourceRules ResourcePolicyRule[], NonResourceRules NonResourcePolicyRule[]
PortworxVolumeSource: VolumeID, FSType=fsType, ReadOnly bool
PreferredSchedulingTerm: Weight int, Preference NodeSelectorTerm
PriorityLevelConfigurationReference: Name
PriorityLevelConfigurationSpec: Type, Limited LimitedPriorityLevelConfiguration*, Exempt ExemptPriorityLevelConfiguration*
Probe: Exec ExecAction*, HTTPGet=httpGet HTTPGetAction*, TCPSocket=tcpSocket TCPSocketAction*, GRPC=grpc GRPCAction*, InitialDelaySeconds int, TimeoutSeconds int, PeriodSeconds int, SuccessThreshold int, FailureThreshold int, TerminationGracePeriodSeconds int*
ProjectedVolumeSource: Sources VolumeProjection[], DefaultMode int*
QueuingConfiguration: Queues int, HandSize int, QueueLengthLimit int
QuobyteVolumeSource: Registry, Volume, ReadOnly bool, User, Group, Tenant
RBDPersistentVolumeSource: CephMonitors=monitors string[], RBDImage=image, FSType=fsType, RBDPool=pool, RadosUser=user, Keyring, SecretRef SecretReference*, ReadOnly bool
RBDVolumeSource: CephMonitors=monitors string[], RBDImage=image, FSType=fsType, RBDPool=pool, RadosUser=user, Keyring, SecretRef LocalObjectReference*, ReadOnly bool
ResourceClaim: Name, Request
ResourceClaimSpec: Devices DeviceClaim
ResourceFieldSelector: ContainerName, Resource, Divisor quantity
ResourcePolicyRule: Verbs string[], APIGroups=apiGroups string[], Resources string[], ClusterScope bool, Namespaces string[]
ResourceRequirements: Limits any{}, Requests any{}, Claims ResourceClaim[]
SELinuxOptions: User, Role, Type, Level
ScaleIOPersistentVolumeSource: Gateway, System, SecretRef SecretReference*, SSLEnabled=sslEnabled bool, ProtectionDomain, StoragePool, StorageMode, VolumeName, FSType=fsType, ReadOnly bool
ScaleIOVolumeSource: Gateway, System, SecretRef LocalObjectReference*, SSLEnabled=sslEnabled bool, ProtectionDomain, StoragePool, StorageMode, VolumeName, FSType=fsType, ReadOnly bool
SeccompProfile: Type, LocalhostProfile string*
SecretEnvSource: Name, Optional bool*
SecretKeySelector: Name, Key, Optional bool*
SecretProjection: Name, Items KeyToPath[], Optional bool*
SecretReference: Name, Namespace
SecretVolumeSource: SecretName, Items KeyToPath[], DefaultMode int*, Optional bool*
SecurityContext: Capabilities Capabilities*, Privileged bool*, SELinuxOptions=seLinuxOptions SELinuxOptions*, WindowsOptions WindowsSecurityContextOptions*, RunAsUser int*, RunAsGroup int*, RunAsNonRoot bool*, ReadOnlyRootFilesystem bool*, AllowPrivilegeEscalation bool*, ProcMount string*, SeccompProfile SeccompProfile*, AppArmorProfile AppArmorProfile*
ServiceAccountSubject: Namespace, Name
ServiceAccountTokenProjection: Audience, ExpirationSeconds int, Path
ServicePort: Name, Protocol, AppProtocol string*, Port int, TargetPort int, NodePort int
SleepAction: Seconds int
StorageOSPersistentVolumeSource: VolumeName, VolumeNamespace, FSType=fsType, ReadOnly bool, SecretRef ObjectReference*
StorageOSVolumeSource: VolumeName, VolumeNamespace, FSType=fsType, ReadOnly bool, SecretRef LocalObjectReference*
Subject: Kind, User UserSubject*, Group GroupSubject*, ServiceAccount ServiceAccountSubject*
SuccessPolicy: Rules SuccessPolicyRule[]
SuccessPolicyRule: SucceededIndexes string*, SucceededCount int*
Sysctl: Name, Value
TCPSocketAction: Port any, Host
Taint: Key, Value, Effect, TimeAdded any*
Toleration: Key, Operator, Value, Effect, TolerationSeconds int*
TopologySpreadConstraint: MaxSkew int, TopologyKey, WhenUnsatisfiable, LabelSelector any*, MinDomains int*, NodeAffinityPolicy string*, NodeTaintsPolicy string*, MatchLabelKeys string[]
TypedLocalObjectReference: APIGroup=apiGroup string*, Kind, Name
TypedObjectReference: APIGroup=apiGroup string*, Kind, Name, Namespace string*
UserSubject: Name
Volume: Name, HostPath HostPathVolumeSource*, EmptyDir EmptyDirVolumeSource*, GCEPersistentDisk=gcePersistentDisk GCEPersistentDiskVolumeSource*, AWSElasticBlockStore=awsElasticBlockStore AWSElasticBlockStoreVolumeSource*, GitRepo GitRepoVolumeSource*, Secret SecretVolumeSource*, NFS=nfs NFSVolumeSource*, ISCSI=iscsi ISCSIVolumeSource*, Glusterfs GlusterfsVolumeSource*, PersistentVolumeClaim PersistentVolumeClaimVolumeSource*, RBD=rbd RBDVolumeSource*, Quobyte QuobyteVolumeSource*, FlexVolume FlexVolumeSource*, Cinder CinderVolumeSource*, CephFS=cephfs CephFSVolumeSource*, Flocker FlockerVolumeSource*, DownwardAPI DownwardAPIVolumeSource*, FC=fc FCVolumeSource*, AzureFile AzureFileVolumeSource*, ConfigMap ConfigMapVolumeSource*, VsphereVolume VsphereVirtualDiskVolumeSource*, AzureDisk AzureDiskVolumeSource*, PhotonPersistentDisk PhotonPersistentDiskVolumeSource*, Projected ProjectedVolumeSource*, PortworxVolume PortworxVolumeSource*, ScaleIO ScaleIOVolumeSource*, StorageOS=storageos StorageOSVolumeSource*, CSI=csi CSIVolumeSource*, Ephemeral EphemeralVolumeSource*, Image ImageVolumeSource*
VolumeAttachmentSource: PersistentVolumeName string*, InlineVolumeSpec any*
VolumeAttachmentSpec: Attacher, Source VolumeAttachmentSource, NodeName
VolumeDevice: Name, DevicePath
VolumeMount: Name, ReadOnly bool, RecursiveReadOnly string*, MountPath, SubPath, MountPropagation string*, SubPathExpr
VolumeNodeAffinity: Required NodeSelector*
VolumeProjection: Secret SecretProjection*, DownwardAPI DownwardAPIProjection*, ConfigMap ConfigMapProjection*, ServiceAccountToken ServiceAccountTokenProjection*, ClusterTrustBundle ClusterTrustBundleProjection*, PodCertificate PodCertificateProjection*
VolumeResourceRequirements: Limits any{}, Requests any{}
VsphereVirtualDiskVolumeSource: VolumePath, FSType=fsType, StoragePolicyName, StoragePolicyID
WeightedPodAffinityTerm: Weight int, PodAffinityTerm PodAffinityTerm
WindowsSecurityContextOptions: GMSACredentialSpecName=gmsaCredentialSpecName string*, GMSACredentialSpec=gmsaCredentialSpec string*, RunAsUserName string*, HostProcess bool*
WorkloadReference: Name, PodGroup, PodGroupReplicaKey
`;
