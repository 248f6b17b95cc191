import { pods } from '../../../../shared/kubernetes/resources';
import { forbidden } from '../status-errors';
import { written } from './concerns';
import type { AdmissionPluginFactory } from './plugin';

const HOSTNAME = 'kubernetes.io/hostname';

/** Lets pods keep others off their node, not off whole zones (plugin/pkg/admission/antiaffinity). */
export const limitPodHardAntiAffinityTopology: AdmissionPluginFactory = () => ({
  name: 'LimitPodHardAntiAffinityTopology',
  validate(request) {
    const pod = written(request, pods, 'CREATE', 'UPDATE');
    const terms = pod?.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const other = terms.find(({ topologyKey }) => topologyKey !== HOSTNAME);
    if (pod === undefined || other === undefined) return;
    throw forbidden(
      { group: pods.group, resource: pods.resource },
      pod.metadata.name ?? '',
      `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${other.topologyKey} but only key ${HOSTNAME} is allowed`,
    );
  },
});
