import type { Pod } from '../../../../shared/kubernetes/objects';
import { qosClassOf } from '../../../../shared/kubernetes/qos';
import { pods } from '../../../../shared/kubernetes/resources';
import { timestamp } from '../../clock';
import { podPrinter } from '../printers/pod';
import type { ResourceDefinition } from '../registry/definition';
import { validatePod, validatePodCreate } from '../validation/pod';
import { validatePodResize } from '../validation/pod-resize';
import { appArmorWarnings, applyAppArmorAnnotations } from '../validation/pod-spec/annotations';
import { podStatusWarnings, validatePodStatusUpdate } from '../validation/pod-status';
import { validateEphemeralContainersUpdate, validatePodUpdate } from '../validation/pod-update';
import { hostNameWarnings, podWarnings } from '../validation/pod-warnings';
import { applyPodDefaults, dropDisabledFields } from './pod-defaults';
import { applyLabelKeys } from './pod-label-keys';

export const podDefinition: ResourceDefinition<Pod> = {
  resource: pods,
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  hasStatus: true,
  printer: podPrinter,
  strategy: {
    statusKeeps: ['ownerReferences'],
    applyDefaults(pod) {
      applyPodDefaults(pod);
      if (pod.status !== undefined) alignAddresses(pod.status);
    },
    prepareForCreate(pod, { clock }) {
      // Admission has added an account, volumes and tolerations since decoding: those have defaults, too.
      applyPodDefaults(pod);
      if (pod.spec !== undefined) {
        dropDisabledFields(pod.spec);
        applyAppArmorAnnotations(pod.metadata.annotations, pod.spec);
      }
      applyLabelKeys(pod);
      pod.status = { phase: 'Pending', qosClass: qosClassOf(pod) };
      if ((pod.spec?.schedulingGates ?? []).length > 0) {
        pod.status.conditions = [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'SchedulingGated',
            message: 'Scheduling is blocked due to non-empty scheduling gates',
            lastTransitionTime: timestamp(clock),
          },
        ];
      }
    },
    validate: validatePod,
    validateCreate: validatePodCreate,
    validateUpdate: validatePodUpdate,
    validateStatusUpdate: validatePodStatusUpdate,
    validateSubresourceUpdate: {
      ephemeralcontainers: validateEphemeralContainersUpdate,
      resize: validatePodResize,
    },
    // People rarely change pods themselves, and controllers often: upstream warns at creation only.
    warnings: ({ metadata, spec }, old) =>
      old !== undefined
        ? []
        : [
            ...hostNameWarnings(metadata.name, "the Pod's hostname"),
            ...(spec === undefined ? [] : appArmorWarnings(metadata.annotations, spec, 'metadata.annotations')),
            ...podWarnings(spec, metadata, ''),
          ],
    statusWarnings: podStatusWarnings,
    gracePeriod(pod, requested) {
      const phase = pod.status?.phase;
      if (!pod.spec?.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
      const period = requested ?? pod.spec.terminationGracePeriodSeconds ?? 0;
      // Upstream takes a negative period for the shortest there is.
      return period < 0 ? 1 : period;
    },
  },
  fieldLabels: {
    'spec.nodeName': (pod) => pod.spec?.nodeName ?? '',
    'spec.restartPolicy': (pod) => pod.spec?.restartPolicy ?? '',
    'spec.schedulerName': (pod) => pod.spec?.schedulerName ?? '',
    'spec.serviceAccountName': (pod) => pod.spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String(pod.spec?.hostNetwork ?? false),
    'status.phase': (pod) => pod.status?.phase ?? '',
    'status.podIP': (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '',
    'status.podIPs': (pod) => (pod.status?.podIPs ?? []).map(({ ip }) => ip).join(','),
    'status.nominatedNodeName': (pod) => pod.status?.nominatedNodeName ?? '',
  },
  subresources: [
    { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'ephemeralcontainers', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
    { name: 'eviction', kind: 'Eviction', verbs: ['create'], group: 'policy', version: 'v1' },
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
    { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
    { name: 'proxy', kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    { name: 'resize', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
  ],
};

/** The first address stands by itself as well, and has the say (pkg/apis/core/v1, `Convert_v1_PodStatus_To_core_PodStatus`). */
function alignAddresses(status: NonNullable<Pod['status']>): void {
  const { podIP, podIPs = [] } = status;
  if (podIP && podIP !== podIPs[0]?.ip) status.podIPs = [{ ip: podIP }];
  else if (podIPs[0] !== undefined) status.podIP = podIPs[0].ip;
}
