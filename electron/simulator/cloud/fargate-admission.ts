import type { Pod } from '../../../shared/kubernetes/objects';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin';
import type { FargateProfile } from './cloud';

export const FARGATE_SCHEDULER = 'fargate-scheduler';
const PROFILE_LABEL = 'eks.amazonaws.com/fargate-profile';

/** Has new pods that a profile selects scheduled by Fargate, as the webhook does that EKS brings along. */
export function fargateMutation(profiles: readonly FargateProfile[]): AdmissionPluginFactory {
  return () => ({
    name: 'FargateMutation',
    changes: ['pods'],
    admit({ operation, attributes, object }) {
      const { group, resource, subresource, namespace = '' } = attributes;
      if (operation !== 'CREATE' || group !== '' || resource !== 'pods' || subresource) return;
      // The resource says what it is.
      const pod = object as Pod;
      // A daemon set's pod has its node already, and one without a node of the person's own choice stays theirs.
      if (pod.spec === undefined || pod.spec.nodeName || isOfDaemonSet(pod)) return;
      const profile = profiles.find((each) => selects(each, namespace, pod));
      if (profile === undefined) return;
      pod.metadata.labels = { ...pod.metadata.labels, [PROFILE_LABEL]: profile.name };
      pod.spec.schedulerName = FARGATE_SCHEDULER;
    },
  });
}

function isOfDaemonSet({ metadata }: Pod): boolean {
  return metadata.ownerReferences?.some(({ kind, controller }) => kind === 'DaemonSet' && controller === true) === true;
}

function selects({ name, selectors }: FargateProfile, namespace: string, { metadata: { labels = {} } }: Pod): boolean {
  const wanted = labels[PROFILE_LABEL];
  if (wanted !== undefined && wanted !== name) return false;
  return selectors.some(
    (selector) =>
      selector.namespace === namespace &&
      Object.entries(selector.labels ?? {}).every(([key, value]) => labels[key] === value),
  );
}
