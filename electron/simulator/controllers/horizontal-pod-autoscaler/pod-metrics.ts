import type { PodMetrics } from '../../../../shared/kubernetes/objects';
import { quantityInNano } from '../../../../shared/kubernetes/quantities';
import { podMetrics } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { MetricError } from './metric-error';

/** How much of something a pod has used. */
export interface PodMetric {
  /** When it was measured; milliseconds since the epoch. */
  readonly timestamp: number;
  /** Over how long; milliseconds. */
  readonly window: number;
  /** In thousandths: of a CPU, of a byte. */
  readonly value: number;
}

/** By the names of the pods. */
export type PodMetricsInfo = ReadonlyMap<string, PodMetric>;

/**
 * Asks the resource metrics API (pkg/controller/podautoscaler/metrics/client.go, GetResourceMetric).
 * @param selector of the pods, in the query's grammar.
 * @param container the one container that counts; empty: all of a pod.
 * @throws MetricError when there is nothing to be had.
 */
export async function resourceMetric(
  client: ApiClient,
  resource: string,
  { namespace, selector, container }: { namespace: string; selector: string; container: string },
): Promise<PodMetricsInfo> {
  let items: readonly PodMetrics[];
  try {
    ({ items } = await client.list(podMetrics, { namespace, labelSelector: selector }));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    // client-go says after a refusal what it has asked for.
    const what = `(get ${podMetrics.resource}.${podMetrics.group})`;
    throw new MetricError(`unable to fetch metrics from resource metrics API: ${error.message} ${what}`);
  }
  if (items.length === 0) throw new MetricError('no metrics returned from resource metrics API');
  const found = new Map<string, PodMetric>();
  for (const item of items) {
    const counted = item.containers.filter(({ name }) => container === '' || name === container);
    const values = counted.map(({ usage }) => usageOf(usage, resource));
    if (values.length === 0 || values.includes(undefined)) continue;
    found.set(item.metadata.name ?? '', {
      timestamp: Date.parse(item.timestamp),
      window: windowOf(item.window),
      value: values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    });
  }
  return found;
}

function usageOf(usage: Readonly<Record<string, string>>, resource: string): number | undefined {
  const text = usage[resource];
  return text === undefined ? undefined : inThousandths(text);
}

/** A quantity's `MilliValue`: rounded up. */
export function inThousandths(text: string): number {
  return Number((quantityInNano(text) + 999_999n) / 1_000_000n);
}

/** Milliseconds of a Go duration as metrics-server writes it: `15s`, `1m0s`. */
function windowOf(text: string): number {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?([\d.]+)s$/.exec(text) ?? [];
  return Number(minutes) * 60_000 + Number(seconds) * 1000;
}
