import type { KubeObject, NodeMetrics, PodMetrics } from '../../../../shared/kubernetes/objects';
import {
  apiServices,
  apiVersionOf,
  endpoints,
  nodeMetrics,
  nodes,
  podMetrics,
  pods,
  type Resource,
} from '../../../../shared/kubernetes/resources';
import type { ApiClient } from '../../client';
import type { Clock } from '../../clock';
import type { ContainerUsage, KubeletConnector, Usage } from '../../kubelet-api';
import type { Log } from '../../log';
import type { ServedApi } from '../admission/plugin';
import { ManagedFields } from '../managed-fields/managed-fields';
import type { ResourceDefinition } from '../registry/definition';
import { objectKey } from '../registry/registry';
import { failure } from '../status-errors';
import { memoryBackend } from '../storage/memory-backend';
import { Store } from '../storage/store';
import { metricsDefinitions } from './definitions';

/** Metrics-server's `--metric-resolution`, in milliseconds. */
const RESOLUTION = 15_000;
const WINDOW = '15s';
/** The APIService by which metrics-server is known. */
const API_SERVICE = `${nodeMetrics.version}.${nodeMetrics.group}`;

interface Serving {
  serve(definitions: readonly ResourceDefinition[]): void;
  withdraw(definitions: readonly ResourceDefinition[]): void;
}

/**
 * The metrics API (`metrics.k8s.io`), which in a real cluster is no part of the API server: metrics-server asks the kubelets, and the
 * API server passes requests on to it. Here it is served while an APIService says that a Service answers it, and answers while a
 * pod is behind that, with what the kubelets say at metrics-server's pace.
 */
export class MetricsApi {
  readonly #api: ServedApi & Serving;
  readonly #kubelets: KubeletConnector;
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #definitions: readonly ResourceDefinition[];
  /** When the kubelets were asked last. */
  #scraped = 0;
  #isServed = false;
  #stop = () => {};

  constructor(api: ServedApi & Serving, kubelets: KubeletConnector, clock: Clock, log: Log) {
    this.#api = api;
    this.#kubelets = kubelets;
    this.#clock = clock;
    this.#store = new Store(memoryBackend(), log, 0);
    this.#definitions = metricsDefinitions(this.#store, () => this.#refresh());
  }

  /** @param client hears of the APIService. */
  start(client: ApiClient): void {
    const { stop } = client.watch(apiServices, { fieldSelector: `metadata.name=${API_SERVICE}` }, (event) => {
      if (event.type === 'ERROR') return;
      const isServed = event.type !== 'DELETED' && event.object.spec?.service !== undefined;
      if (isServed === this.#isServed) return;
      this.#isServed = isServed;
      if (isServed) this.#api.serve(this.#definitions);
      else this.#api.withdraw(this.#definitions);
    });
    this.#stop = stop;
  }

  stop(): void {
    this.#stop();
  }

  /** @throws StatusError 503 when no metrics-server is there to answer. */
  #refresh(): void {
    if (!this.#isAvailable()) {
      throw failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request', {});
    }
    const now = this.#clock.now();
    const scrape = now - (now % RESOLUTION);
    if (scrape === this.#scraped) return;
    this.#scraped = scrape;
    this.#scrape(scrape);
  }

  #isAvailable(): boolean {
    const { namespace, name = '' } = this.#api.stored(apiServices, undefined, API_SERVICE)?.spec?.service ?? {};
    const { subsets = [] } = this.#api.stored(endpoints, namespace, name) ?? {};
    return subsets.some(({ addresses = [] }) => addresses.length > 0);
  }

  #scrape(at: number): void {
    const timestamp = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
    const seen = new Set<string>();
    for (const { metadata } of this.#api.allStored(nodes)) {
      const { name = '', labels } = metadata;
      const usage = this.#kubelets(name)?.usage(at);
      if (usage === undefined) continue;
      const node: NodeMetrics = {
        ...about(nodeMetrics, { name, ...(labels && { labels }), creationTimestamp: timestamp }),
        timestamp,
        window: WINDOW,
        usage: quantities(usage.node),
      };
      this.#put(nodeMetrics, node, seen);
      for (const pod of this.#podsOf(usage.containers, timestamp, at)) this.#put(podMetrics, pod, seen);
    }
    this.#forget(seen);
  }

  /** Only whole pods are told of, and only once they could be looked at twice. */
  *#podsOf(containers: readonly ContainerUsage[], timestamp: string, at: number): Iterable<PodMetrics> {
    const byPod = new Map<string, ContainerUsage[]>();
    for (const container of containers) {
      const key = `${container.namespace}/${container.pod}`;
      byPod.set(key, [...(byPod.get(key) ?? []), container]);
    }
    for (const [first, ...others] of byPod.values()) {
      if (first === undefined) continue;
      const all = [first, ...others];
      if (all.some(({ startedAt }) => startedAt > at - RESOLUTION)) continue;
      const { namespace, pod: name } = first;
      const labels = this.#api.stored(pods, namespace, name)?.metadata.labels;
      yield {
        ...about(podMetrics, { name, namespace, ...(labels && { labels }), creationTimestamp: timestamp }),
        timestamp,
        window: WINDOW,
        containers: all.map((usage) => ({ name: usage.container, usage: quantities(usage) })),
      };
    }
  }

  #put(resource: Resource, metrics: KubeObject, seen: Set<string>): void {
    const { namespace, name = '' } = metrics.metadata;
    const key = objectKey(resource, namespace, name);
    seen.add(`${resource.resource}/${key}`);
    this.#store.table(resource.group, resource.resource).put(key, metrics, ManagedFields.none);
  }

  /** What is no longer there is told of no longer. */
  #forget(seen: ReadonlySet<string>): void {
    for (const { group, resource } of [nodeMetrics, podMetrics]) {
      const table = this.#store.table(group, resource);
      for (const { key } of [...table.list()]) if (!seen.has(`${resource}/${key}`)) table.remove(key);
    }
  }
}

function about(resource: Resource, metadata: KubeObject['metadata']): KubeObject {
  return { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata };
}

/** In the units of metrics-server. */
function quantities({ nanocores, bytes }: Usage) {
  return { cpu: `${Math.round(nanocores)}n`, memory: `${Math.round(bytes / 1024)}Ki` };
}
