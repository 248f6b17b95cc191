import type { KubeObject } from '../kubernetes/objects';
import { formatLabelSelector } from '../kubernetes/selectors';
import type { Health, Selection } from './kind';

/** The counts that the health of every replicated workload is read from. */
export interface Replicas {
  readonly wanted: number;
  readonly ready: number;
  readonly updated: number;
  /** Whether the controller has seen the present spec. */
  readonly observed: boolean;
}

/** How a set of replicas is doing; a message from a failing condition takes precedence over the counts. */
export function replicasHealth(replicas: Replicas, failure?: string): Health {
  const { wanted, ready, updated, observed } = replicas;
  if (failure !== undefined) return { state: 'error', label: `${ready}/${wanted} ready`, message: failure };
  if (wanted === 0) return { state: ready > 0 ? 'progress' : 'neutral', label: 'Scaled to zero' };
  if (!observed) return { state: 'progress', label: 'Waiting for its controller' };
  if (updated < wanted) return { state: 'progress', label: `${updated}/${wanted} updated` };
  if (ready < wanted) return { state: 'progress', label: `${ready}/${wanted} ready` };
  return { state: 'ok', label: 'Ready' };
}

type MetaLabelSelector = Parameters<typeof formatLabelSelector>[0];

/** The objects that a workload's selector chooses; none when it is empty. */
export function selected(
  owner: KubeObject,
  role: string,
  kind: string,
  selector: MetaLabelSelector | undefined,
): readonly Selection[] {
  const labelSelector = selector === undefined ? '' : formatLabelSelector(selector);
  if (labelSelector === '') return [];
  const { namespace } = owner.metadata;
  return [{ role, kind, labelSelector, ...(namespace === undefined ? {} : { namespace }) }];
}
