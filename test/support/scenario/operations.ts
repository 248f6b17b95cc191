import type { ApiClient } from '../../../electron/simulator/client';
import type { Random } from '../../../electron/simulator/random';
import type { KubeObject, Pod, PodDisruptionBudget } from '../../../shared/kubernetes/objects';
import {
  cronJobs,
  daemonSets,
  deployments,
  horizontalPodAutoscalers,
  jobs,
  namespaces,
  nodes,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  type Resource,
  replicaSets,
  resourceQuotas,
  services,
  statefulSets,
} from '../../../shared/kubernetes/resources';
import { type Fault, type FaultSpec, faults } from '../../../shared/kubernetes/simulator';
import { StatusError } from '../../../shared/kubernetes/status-error';
import { controllerOf, isOver, isReady, nameOf, type World } from './world';

const NAMESPACES = ['blue', 'green'];
const GOOD = 'nginx:1.29';
const WORKLOADS = [deployments, statefulSets, daemonSets] as const;

/** What people and accidents do to a cluster, drawn by lot. */
export class Operations {
  readonly #client: ApiClient;
  readonly #random: Random;
  readonly #world: World;
  /** What was done, in words: a failing scenario is told by it. */
  readonly log: string[] = [];
  #made = 0;

  constructor(client: ApiClient, random: Random, world: World) {
    this.#client = client;
    this.#random = random;
    this.#world = world;
  }

  async begin(): Promise<void> {
    for (const name of NAMESPACES) await this.#client.create(namespaces, { metadata: { name } });
  }

  /** Does one thing. What the API refuses is refused, and nothing more. */
  async one(): Promise<void> {
    const all: (() => Promise<unknown>)[] = [
      ...Array(6).fill(() => this.#create()),
      ...Array(3).fill(() => this.#scale()),
      ...Array(3).fill(() => this.#setTemplate()),
      ...Array(3).fill(() => this.#deletePod()),
      ...Array(3).fill(() => this.#evict()),
      ...Array(2).fill(() => this.#deleteWorkload()),
      ...Array(2).fill(() => this.#node()),
      ...Array(2).fill(() => this.#fault()),
      () => this.#pause(),
      () => this.#orphan(),
      () => this.#meddle(),
      () => this.#suspend(),
      () => this.#quota(),
      () => this.#deleteClaim(),
    ];
    await this.#attempt(this.#random.pick(all));
  }

  /** Takes away all that was wrong, and has everything ask for what there is. */
  async heal(): Promise<void> {
    this.log.push('heal');
    for (const fault of await this.#list(faults))
      await this.#attempt(() => this.#client.delete(faults, undefined, fault.metadata.name ?? ''));
    for (const { metadata } of await this.#list(nodes)) {
      await this.#attempt(() =>
        this.#client.patch(nodes, undefined, metadata.name ?? '', 'merge', { spec: { unschedulable: false } }),
      );
      await this.#taint(metadata.name ?? '', undefined);
    }
    for (const quota of await this.#list(resourceQuotas)) await this.#delete(resourceQuotas, quota);
    for (const scaler of await this.#list(horizontalPodAutoscalers))
      await this.#delete(horizontalPodAutoscalers, scaler);
    for (const resource of WORKLOADS) {
      for (const object of await this.#list<KubeObject>(resource as Resource)) {
        const template = {
          spec: { nodeSelector: null, containers: [{ name: 'main', image: GOOD, command: null, resources: small }] },
        };
        const spec = { template, ...(resource === daemonSets ? {} : { replicas: this.#random.integer(0, 4) }) };
        const more = resource === deployments ? { paused: null } : {};
        await this.#patch(resource as Resource, object, { spec: { ...spec, ...more } });
      }
    }
    for (const cron of await this.#list(cronJobs)) await this.#patch(cronJobs, cron, { spec: { suspend: true } });
    for (const job of await this.#list(jobs)) await this.#patch(jobs, job, { spec: { suspend: false } });
    // Whoever left them behind does not put them right.
    for (const set of await this.#list(replicaSets)) {
      if (controllerOf(set) === undefined) await this.#delete(replicaSets, set);
    }
    // An ordered set waits for its broken pod for good, upstream too: somebody has to take that away.
    for (const pod of await this.#list(pods)) {
      const owner = controllerOf(pod);
      if (owner === undefined || (owner.kind === 'StatefulSet' && !isReady(pod))) await this.#delete(pods, pod);
      if (owner?.kind === 'Job' && pod.status?.phase === 'Pending') await this.#deleteJobOf(pod, owner.name);
    }
  }

  async #deleteJobOf(pod: Pod, name: string): Promise<void> {
    await this.#attempt(() =>
      this.#client.delete(jobs, pod.metadata.namespace, name, { propagationPolicy: 'Background' }),
    );
  }

  async #attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof StatusError) || error.code >= 500) throw error;
      this.log.push(`  refused: ${error.message}`);
      return false;
    }
  }

  async #list<T extends KubeObject>(resource: Resource<T>): Promise<readonly T[]> {
    const { items } = await this.#client.list(resource);
    return items.filter(({ metadata }) => metadata.namespace === undefined || NAMESPACES.includes(metadata.namespace));
  }

  async #pick<T extends KubeObject>(resource: Resource<T>): Promise<T | undefined> {
    const items = await this.#list(resource);
    return items.length === 0 ? undefined : this.#random.pick(items);
  }

  #patch<T extends KubeObject>(
    resource: Resource<T>,
    { metadata: { namespace, name = '' } }: KubeObject,
    patch: object,
  ) {
    this.log.push(`patch ${resource.resource} ${namespace}/${name} ${JSON.stringify(patch)}`);
    return this.#attempt(() => this.#client.patch(resource, namespace, name, 'strategic', patch));
  }

  async #delete<T extends KubeObject>(resource: Resource<T>, object: KubeObject): Promise<void> {
    const { namespace, name = '' } = object.metadata;
    const propagationPolicy = this.#random.pick(['Background', 'Background', 'Foreground', 'Orphan'] as const);
    const force = resource.resource === 'pods' && this.#random.next() < 0.2 ? { gracePeriodSeconds: 0 } : {};
    this.log.push(`delete ${resource.resource} ${nameOf(object)} ${JSON.stringify({ propagationPolicy, ...force })}`);
    await this.#attempt(() => this.#client.delete(resource, namespace, name, { propagationPolicy, ...force }));
  }

  /** A template that mostly works. */
  #template(labels: Record<string, string>, more: object = {}) {
    const random = this.#random;
    const nodeSelector = random.next() < 0.15 ? { nodeSelector: { zone: random.pick(['a', 'b']) } } : {};
    const spread = {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: random.pick(['zone', 'kubernetes.io/hostname']),
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: labels },
        },
      ],
    };
    return {
      metadata: { labels },
      spec: {
        ...nodeSelector,
        ...(random.next() < 0.3 ? spread : {}),
        terminationGracePeriodSeconds: random.integer(0, 40),
        automountServiceAccountToken: false,
        containers: [{ name: 'main', image: this.#image(), resources: this.#resources() }],
        ...more,
      },
    };
  }

  #image(): string {
    return this.#random.pick([GOOD, GOOD, GOOD, GOOD, 'nginx:1.28', 'nginx:of-nobody', 'redis:8']);
  }

  #resources(): object {
    const cpu = `${this.#random.integer(1, 12)}00m`;
    return this.#random.next() < 0.2 ? {} : { requests: { cpu, memory: `${this.#random.integer(1, 9)}00Mi` } };
  }

  async #create(): Promise<void> {
    const random = this.#random;
    const namespace = random.pick(NAMESPACES);
    const name = `${random.pick(['web', 'db', 'log', 'run'])}-${this.#made++}`;
    const labels = { app: name };
    const selector = { matchLabels: labels };
    const metadata = { name, namespace };
    const template = this.#template(labels);
    const replicas = random.integer(0, 7);
    const kind = random.integer(0, 8);
    const make = <T extends KubeObject>(resource: Resource<T>, spec: object) => {
      this.log.push(`create ${resource.resource} ${namespace}/${name} ${JSON.stringify(spec)}`);
      // Drawn by lot: whether it is valid is for the API to say.
      return this.#client.create(resource, { metadata, spec } as unknown as T);
    };
    if (kind <= 1) {
      const rollingUpdate = { maxSurge: random.pick([0, 1, '25%']), maxUnavailable: random.pick([0, 1, '50%']) };
      const strategy = random.next() < 0.2 ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate };
      await make(deployments, { replicas, selector, template, strategy, minReadySeconds: random.pick([0, 0, 5]) });
      await this.#companions(namespace, name, replicas);
    } else if (kind <= 3) {
      const withVolume = random.next() < 0.5;
      await make(statefulSets, {
        ...{ replicas: Math.min(replicas, 4), selector, serviceName: name },
        podManagementPolicy: random.pick(['OrderedReady', 'OrderedReady', 'Parallel']),
        template: withVolume ? this.#template(labels, { volumes: [] }) : template,
        ...(withVolume ? { volumeClaimTemplates: [claimTemplate(random.pick(['standard', 'disk']))] } : {}),
        persistentVolumeClaimRetentionPolicy: {
          whenDeleted: random.pick(['Retain', 'Delete']),
          whenScaled: random.pick(['Retain', 'Delete']),
        },
      });
      await this.#companions(namespace, name, Math.min(replicas, 4));
    } else if (kind === 4) await make(daemonSets, { selector, template });
    else if (kind <= 6) {
      await make(jobs, {
        ...{ completions: random.integer(1, 5), parallelism: random.integer(1, 4), backoffLimit: random.integer(0, 3) },
        completionMode: random.pick(['NonIndexed', 'Indexed']),
        ...(random.next() < 0.3 ? { ttlSecondsAfterFinished: random.integer(0, 300) } : {}),
        template: this.#work(),
      });
    } else {
      await make(cronJobs, {
        schedule: random.pick(['* * * * *', '*/2 * * * *', '*/5 * * * *']),
        concurrencyPolicy: random.pick(['Allow', 'Forbid', 'Replace']),
        jobTemplate: { spec: { backoffLimit: 1, template: this.#work() } },
      });
    }
  }

  #work(): object {
    const command = ['sh', '-c', `sleep ${this.#random.integer(0, 90)}; exit ${this.#random.pick([0, 0, 0, 1])}`];
    const containers = [{ name: 'main', image: 'busybox:1.36', command, resources: this.#resources() }];
    return {
      spec: {
        restartPolicy: this.#random.pick(['Never', 'OnFailure']),
        automountServiceAccountToken: false,
        containers,
      },
    };
  }

  /** What goes with a workload: a Service, a budget, an autoscaler. */
  async #companions(namespace: string, name: string, replicas: number): Promise<void> {
    const matchLabels = { app: name };
    const metadata = { name, namespace };
    await this.#attempt(() =>
      this.#client.create(services, { metadata, spec: { selector: matchLabels, ports: [{ port: 80 }] } }),
    );
    const draw = this.#random.next();
    if (draw < 0.5) {
      const minAvailable = this.#random.integer(0, replicas + 1);
      this.log.push(`create poddisruptionbudget ${namespace}/${name} minAvailable ${minAvailable}`);
      await this.#attempt(() =>
        this.#client.create(podDisruptionBudgets, { metadata, spec: { minAvailable, selector: { matchLabels } } }),
      );
    }
  }

  async #scale(): Promise<void> {
    const resource = this.#random.pick([deployments, statefulSets]) as Resource;
    const object = await this.#pick(resource);
    if (object !== undefined) await this.#patch(resource, object, { spec: { replicas: this.#random.integer(0, 9) } });
  }

  async #setTemplate(): Promise<void> {
    const resource = this.#random.pick(WORKLOADS) as Resource;
    const object = await this.#pick(resource);
    if (object === undefined) return;
    const containers = [{ name: 'main', image: this.#image(), resources: this.#resources() }];
    await this.#patch(resource, object, { spec: { template: { spec: { containers } } } });
  }

  async #deletePod(): Promise<void> {
    const pod = await this.#pick(pods);
    if (pod !== undefined) await this.#delete(pods, pod);
  }

  async #deleteWorkload(): Promise<void> {
    const resource = this.#random.pick([
      deployments,
      statefulSets,
      daemonSets,
      jobs,
      cronJobs,
      replicaSets,
    ]) as Resource;
    const object = await this.#pick(resource);
    if (object !== undefined) await this.#delete(resource, object);
  }

  /** Evicts a pod, and holds what is allowed against what the budget says. */
  async #evict(): Promise<void> {
    const pod = await this.#pick(pods);
    if (pod === undefined) return;
    const { namespace, name = '' } = pod.metadata;
    this.log.push(`evict ${nameOf(pod)}`);
    const left = this.#leftAfter(pod);
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
    const went = await this.#attempt(() => this.#client.createSubresource(pods, namespace, name, 'eviction', body));
    if (went && left !== undefined && left.healthy < left.wanted) {
      this.#world.violations.push(
        `${nameOf(pod)} was evicted: ${left.healthy} are left, and its budget asks for ${left.wanted}`,
      );
    }
  }

  /** How many healthy pods a budget would have left; `undefined` where none is concerned. */
  #leftAfter(pod: Pod): { healthy: number; wanted: number } | undefined {
    const { namespace, labels } = pod.metadata;
    const budget = this.#world
      .all<PodDisruptionBudget>('poddisruptionbudgets')
      .find((each) => each.metadata.namespace === namespace && each.metadata.name === labels?.app);
    if (budget === undefined || isOver(pod) || pod.status?.phase === 'Pending') return undefined;
    if (pod.metadata.deletionTimestamp !== undefined) return undefined;
    const healthy = this.#world
      .all<Pod>('pods')
      .filter(
        (each) => each.metadata.namespace === namespace && each.metadata.labels?.app === labels?.app && isReady(each),
      );
    return { healthy: healthy.length - (isReady(pod) ? 1 : 0), wanted: Number(budget.spec?.minAvailable) };
  }

  async #node(): Promise<void> {
    const node = await this.#pick(nodes);
    if (node === undefined) return;
    const { name = '' } = node.metadata;
    const draw = this.#random.integer(0, 3);
    if (draw === 0) {
      const unschedulable = this.#random.next() < 0.5;
      this.log.push(`${unschedulable ? 'cordon' : 'uncordon'} ${name}`);
      await this.#attempt(() => this.#client.patch(nodes, undefined, name, 'merge', { spec: { unschedulable } }));
    } else await this.#taint(name, draw === 1 ? this.#random.pick(['NoSchedule', 'NoExecute'] as const) : undefined);
  }

  /** Sets the taint `team`, or takes it away. */
  async #taint(name: string, effect: 'NoSchedule' | 'NoExecute' | undefined): Promise<void> {
    this.log.push(`taint ${name} ${effect ?? 'no more'}`);
    await this.#attempt(async () => {
      const { metadata, spec } = await this.#client.get(nodes, undefined, name);
      const others = (spec?.taints ?? []).filter(({ key }) => key !== 'team');
      const taints = effect === undefined ? others : [...others, { key: 'team', value: 'red', effect }];
      const { resourceVersion } = metadata;
      await this.#client.patch(nodes, undefined, name, 'merge', { metadata: { resourceVersion }, spec: { taints } });
    });
  }

  async #fault(): Promise<void> {
    const nodeName = (await this.#pick(nodes))?.metadata.name ?? '';
    const spec: FaultSpec = this.#random.pick([
      { nodeDown: { nodes: [nodeName] } },
      { nodeDown: { nodes: [nodeName] } },
      { registryUnreachable: { nodes: [nodeName] } },
      { failingImage: { image: 'nginx:1.28', afterSeconds: this.#random.integer(0, 20) } },
      { slowDisk: { factor: 20 } },
    ]);
    const fault: Fault = {
      metadata: { name: `fault-${this.#made++}` },
      spec: { ...spec, durationSeconds: this.#random.integer(20, 900) },
    };
    this.log.push(`fault ${JSON.stringify(fault.spec)}`);
    await this.#attempt(() => this.#client.create(faults, fault));
  }

  async #pause(): Promise<void> {
    const object = await this.#pick(deployments);
    if (object !== undefined) await this.#patch(deployments, object, { spec: { paused: this.#random.next() < 0.5 } });
  }

  /** Takes a pod from its controller, by its label. */
  async #orphan(): Promise<void> {
    const pod = await this.#pick(pods);
    if (pod?.metadata.labels?.app !== undefined)
      await this.#patch(pods, pod, { metadata: { labels: { app: 'nobody' } } });
  }

  /** Edits what a controller keeps for itself. */
  async #meddle(): Promise<void> {
    const set = await this.#pick(replicaSets);
    if (set !== undefined) await this.#patch(replicaSets, set, { spec: { replicas: this.#random.integer(0, 6) } });
  }

  async #suspend(): Promise<void> {
    const resource = this.#random.pick([jobs, cronJobs]) as Resource;
    const object = await this.#pick(resource);
    if (object !== undefined) await this.#patch(resource, object, { spec: { suspend: this.#random.next() < 0.5 } });
  }

  async #quota(): Promise<void> {
    const hard = { pods: String(this.#random.integer(3, 20)) };
    const metadata = { name: 'few', namespace: this.#random.pick(NAMESPACES) };
    this.log.push(`quota ${nameOf({ metadata })} ${JSON.stringify(hard)}`);
    await this.#attempt(() => this.#client.create(resourceQuotas, { metadata, spec: { hard } }));
  }

  async #deleteClaim(): Promise<void> {
    const claim = await this.#pick(persistentVolumeClaims);
    if (claim !== undefined) await this.#delete(persistentVolumeClaims, claim);
  }
}

const small = { requests: { cpu: '10m', memory: '10Mi' } };

const claimTemplate = (storageClassName: string) => ({
  metadata: { name: 'data' },
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});
