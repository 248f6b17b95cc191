import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { groupResourceOf, nodes } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';

interface Bound extends KubeObject {
  /** Of a pod that comes with its node. */
  spec?: { nodeName?: string };
  /** Of a Binding. */
  target?: { kind?: string; name?: string };
}

const LABELS = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** Tells a pod by its labels in which zone its node is (plugin/pkg/admission/podtopologylabels). */
export const podTopologyLabels: AdmissionPluginFactory = (client) => ({
  name: 'PodTopologyLabels',
  changes: ['pods', 'pods/binding'],
  admit(request) {
    const object: Bound | undefined = request.object;
    if (request.operation !== 'CREATE' || object === undefined) return;
    const node = nodeOf(request, object);
    return node === '' ? undefined : addLabels(client, object, node);
  },
});

function nodeOf({ attributes }: AdmissionRequest, { spec, target }: Bound): string {
  if (groupResourceOf(attributes) !== 'pods') return '';
  if (attributes.subresource === 'binding') return target?.kind === 'Node' ? (target.name ?? '') : '';
  return attributes.subresource === '' ? (spec?.nodeName ?? '') : '';
}

async function addLabels(client: ApiClient, object: KubeObject, name: string): Promise<void> {
  try {
    const { labels = {} } = (await client.get(nodes, undefined, name)).metadata;
    const topology = Object.entries(labels).filter(([key]) => LABELS.includes(key));
    if (topology.length > 0) object.metadata.labels = { ...object.metadata.labels, ...Object.fromEntries(topology) };
  } catch (error) {
    // That there is no such node is for others to say.
    if (!isNotFound(error)) throw error;
  }
}
