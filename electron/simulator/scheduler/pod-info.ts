import type { Pod } from '../../../shared/kubernetes/objects';
import { podRequests } from '../../../shared/kubernetes/pod-resources';
import { type LabelSelector, selectorFromLabelSelector } from '../../../shared/kubernetes/selectors';

export type PodSpec = NonNullable<Pod['spec']>;
type Affinity = NonNullable<PodSpec['affinity']>;
type RawTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number];

/** A pod affinity term, read. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: LabelSelector;
  /** The namespaces that are meant: these, and those whose labels the selector takes. */
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: LabelSelector;
  /** 1 to 100, for preferences. */
  readonly weight: number;
}

export interface PodAffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
}

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** What is assumed of containers that ask for nothing, when nodes are compared (scheduler/util/pod_resources.go). */
const DEFAULT_CPU = 0.1;
const DEFAULT_MEMORY = 200 * 1024 * 1024;

const NO_TERMS: PodAffinityTerms = {
  requiredAffinity: [],
  requiredAntiAffinity: [],
  preferredAffinity: [],
  preferredAntiAffinity: [],
};

/** A pod with everything that scheduling asks of it computed once. */
export class PodInfo {
  readonly pod: Pod;
  readonly uid: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In plain numbers: cores, bytes. */
  readonly requests: ReadonlyMap<string, number>;
  /** Cores and bytes with the defaults for containers that ask for nothing. */
  readonly nonZeroCpu: number;
  readonly nonZeroMemory: number;
  readonly hostPorts: readonly HostPort[];
  readonly terms: PodAffinityTerms;

  constructor(pod: Pod) {
    this.pod = pod;
    this.uid = pod.metadata.uid ?? '';
    this.namespace = pod.metadata.namespace ?? '';
    this.labels = pod.metadata.labels ?? {};
    this.requests = podRequests(pod);
    const containers = pod.spec?.containers ?? [];
    const missing = (name: string) => containers.filter(({ resources }) => resources?.requests?.[name] === undefined);
    this.nonZeroCpu = (this.requests.get('cpu') ?? 0) + missing('cpu').length * DEFAULT_CPU;
    this.nonZeroMemory = (this.requests.get('memory') ?? 0) + missing('memory').length * DEFAULT_MEMORY;
    this.hostPorts = containers.flatMap(({ ports = [] }) =>
      ports.flatMap(({ hostPort, hostIP, protocol }) =>
        hostPort ? [{ ip: hostIP || '0.0.0.0', protocol: protocol ?? 'TCP', port: hostPort }] : [],
      ),
    );
    this.terms = affinityTerms(pod);
  }

  get hasAffinity(): boolean {
    const { requiredAffinity, preferredAffinity, preferredAntiAffinity, requiredAntiAffinity } = this.terms;
    return (
      requiredAffinity.length + preferredAffinity.length + preferredAntiAffinity.length + requiredAntiAffinity.length >
      0
    );
  }
}

/** A namespace, as affinity terms name it. */
export interface NamespaceInfo {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function meansNamespace(term: AffinityTerm, { name, labels }: NamespaceInfo): boolean {
  return term.namespaces.has(name) || term.namespaceSelector.matches(labels);
}

/** Whether a term means `other`, which is in `namespace`. */
export function termMatches(term: AffinityTerm, other: PodInfo, namespace: NamespaceInfo): boolean {
  return meansNamespace(term, namespace) && term.selector.matches(other.labels);
}

function affinityTerms(pod: Pod): PodAffinityTerms {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  if (podAffinity === undefined && podAntiAffinity === undefined) return NO_TERMS;
  const read = (term: RawTerm, weight = 1): AffinityTerm => {
    const own = (term.namespaces ?? []).length === 0 && term.namespaceSelector === undefined;
    return {
      topologyKey: term.topologyKey,
      selector: selectorFromLabelSelector(term.labelSelector),
      namespaces: new Set(own ? [pod.metadata.namespace ?? ''] : term.namespaces),
      namespaceSelector: selectorFromLabelSelector(term.namespaceSelector),
      weight,
    };
  };
  const preferred = (affinity: Affinity['podAffinity'] | Affinity['podAntiAffinity']) =>
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
      read(podAffinityTerm, weight),
    );
  const required = (affinity: Affinity['podAffinity'] | Affinity['podAntiAffinity']) =>
    (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => read(term));
  return {
    requiredAffinity: required(podAffinity),
    requiredAntiAffinity: required(podAntiAffinity),
    preferredAffinity: preferred(podAffinity),
    preferredAntiAffinity: preferred(podAntiAffinity),
  };
}
