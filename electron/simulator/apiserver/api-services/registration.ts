import { type AnyCondition, withCondition } from '../../../../shared/kubernetes/conditions';
import {
  type CustomResourceDefinition,
  customResourceDefinitions,
} from '../../../../shared/kubernetes/custom-resource-definitions';
import type { APIService } from '../../../../shared/kubernetes/objects';
import { apiServices, apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import { isAlreadyExists, isConflict, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { type Clock, timestamp } from '../../clock';
import { Informer } from '../../informer';
import type { Log } from '../../log';
import { WorkQueue } from '../../work-queue';
import type { Api } from '../api';
import { deepEqual } from '../json';
import { whyUnavailable } from './availability';
import { CUSTOM_PRIORITY, priorityOf } from './priorities';

const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';
/** Put right when the server starts, or always. */
type Management = 'onstart' | 'true';

/** Milliseconds between two looks at what a Service answers. */
const LOOK_EVERY = 30_000;
/** The same while nothing answers there. */
const LOOK_AGAIN = 5_000;
const AVAILABLE = { status: 'True', reason: 'Passed', message: 'all checks passed' };
/** The aggregator itself registers nowhere. */
const AGGREGATOR = 'apiregistration.k8s.io';

interface Desired {
  readonly spec: NonNullable<APIService['spec']>;
  readonly management: Management;
}

/**
 * Keeps an APIService for each group version that is served (kube-aggregator/pkg/controllers/autoregister and
 * pkg/controlplane/controller/crdregistration), and says of those that a Service is to answer why they are not available.
 */
export class ApiServiceRegistration {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #own: ReadonlyMap<string, Desired>;
  readonly #services: Informer<APIService>;
  readonly #definitions: Informer<CustomResourceDefinition>;
  readonly #queue: WorkQueue;
  readonly #synced = new Set<string>();
  #atStart: ReadonlySet<string> | undefined;

  /** @param client may do everything. */
  constructor(api: Api, client: ApiClient, clock: Clock, log: Log) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#own = ownServices([...api.definitions, ...api.virtualResources].map(({ resource }) => resource));
    this.#services = new Informer(client, apiServices);
    this.#definitions = new Informer(client, customResourceDefinitions);
    this.#queue = new WorkQueue(
      clock,
      (name) => this.#reconcile(name),
      (name, error) => {
        // Who was faster is heard of.
        if (!isConflict(error)) log.error(`APIService ${name}`, error);
      },
    );
  }

  start(): void {
    this.#begin().catch((error: unknown) => this.#log.error('APIServices', error));
  }

  stop(): void {
    this.#queue.stop();
    this.#services.stop();
    this.#definitions.stop();
  }

  async #begin(): Promise<void> {
    const add = ({ metadata }: APIService) => this.#queue.add(metadata.name ?? '');
    const addVersions = ({ spec }: CustomResourceDefinition) => {
      for (const { name } of spec.versions) this.#queue.add(`${name}.${spec.group}`);
    };
    await Promise.all([this.#services.start(), this.#definitions.start()]);
    this.#atStart = new Set(this.#services.list().map(({ metadata }) => metadata.name ?? ''));
    this.#services.addHandlers({ add, update: add, delete: add });
    this.#definitions.addHandlers({
      add: addVersions,
      update(now, before) {
        addVersions(before);
        addVersions(now);
      },
      delete: addVersions,
    });
    for (const name of this.#own.keys()) this.#queue.add(name);
  }

  #desired(name: string): Desired | undefined {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    for (const { spec } of this.#definitions.list()) {
      const version = spec.versions.find((each) => each.served && `${each.name}.${spec.group}` === name);
      if (version === undefined) continue;
      return { spec: specFor(spec.group, version.name, CUSTOM_PRIORITY), management: 'true' };
    }
    return undefined;
  }

  /** As the table in autoregister_controller.go has it. */
  async #reconcile(name: string): Promise<void> {
    const desired = this.#desired(name);
    const current = this.#services.getByKey(name);
    const once = this.#synced.has(name);
    if (current?.spec?.service !== undefined) await this.#tell(current, current.spec.service);
    if (!(desired?.management === 'onstart' && once)) await this.#register(name, desired, current, once);
    this.#synced.add(name);
  }

  async #register(
    name: string,
    desired: Desired | undefined,
    current: APIService | undefined,
    once: boolean,
  ): Promise<void> {
    if (current === undefined) {
      if (desired !== undefined) await this.#create(name, desired);
      return;
    }
    const management = current.metadata.labels?.[MANAGED];
    if (management !== 'onstart' && management !== 'true') return;
    if (management === 'onstart' && (once || this.#atStart?.has(name) !== true)) return;
    try {
      if (desired === undefined) {
        const { uid } = current.metadata;
        const options = uid === undefined ? {} : { preconditions: { uid } };
        await this.#client.delete(apiServices, undefined, name, options);
      } else if (!deepEqual(current.spec, desired.spec)) {
        await this.#client.update(apiServices, { ...current, spec: structuredClone(desired.spec) });
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async #create(name: string, { spec, management }: Desired): Promise<void> {
    try {
      await this.#client.create(apiServices, {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name, labels: { [MANAGED]: management } },
        spec: structuredClone(spec),
      });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }

  async #tell(current: APIService, service: NonNullable<NonNullable<APIService['spec']>['service']>): Promise<void> {
    const why = await whyUnavailable(this.#client, current, service);
    this.#queue.addAfter(current.metadata.name ?? '', why === undefined ? LOOK_EVERY : LOOK_AGAIN);
    const present: readonly AnyCondition[] | undefined = current.status?.conditions;
    const conditions = withCondition(present, {
      type: 'Available',
      ...(why === undefined ? AVAILABLE : { status: 'False', ...why }),
      lastTransitionTime: timestamp(this.#clock),
    });
    if (conditions === present) return;
    const next = { ...current, status: { conditions: [...conditions] } } as APIService;
    try {
      await this.#client.update(apiServices, next, { subresource: 'status' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function ownServices(resources: readonly Resource[]): Map<string, Desired> {
  const found = new Map<string, Desired>();
  for (const { group, version } of resources) {
    if (group === AGGREGATOR) continue;
    const priority = priorityOf(apiVersionOf({ group, version }));
    found.set(`${version}.${group}`, { spec: specFor(group, version, priority), management: 'onstart' });
  }
  return found;
}

function specFor(group: string, version: string, priority: { readonly group: number; readonly version: number }) {
  return {
    ...(group === '' ? {} : { group }),
    version,
    groupPriorityMinimum: priority.group,
    versionPriority: priority.version,
  };
}
