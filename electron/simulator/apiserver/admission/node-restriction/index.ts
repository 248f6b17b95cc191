import type { KubeObject, PersistentVolumeClaim, Pod } from '../../../../../shared/kubernetes/objects';
import { groupResourceOf, pods } from '../../../../../shared/kubernetes/resources';
import type { ApiClient, UserInfo } from '../../../client';
import type { Authorizer } from '../../authorization/authorizer';
import { deepEqual } from '../../json';
import { forbidden } from '../forbidden';
import type { AdmissionPlugin, AdmissionPluginFactory, AdmissionRequest } from '../plugin';
import { lookUp } from './lookup';
import { checkOwnNode } from './own-node';
import { checkMirrorPod } from './pods';
import { checkToken } from './tokens';

const USER_PREFIX = 'system:node:';
const LEASE_NAMESPACE = 'kube-node-lease';

/** A node's request, and which node it is. */
export interface NodeRequest {
  readonly node: string;
  readonly request: AdmissionRequest;
  readonly client: ApiClient;
  readonly authorizer: Authorizer;
}

type Check = (from: NodeRequest) => void | Promise<void>;

/**
 * Lets a node change itself and what runs on it, and nothing else: whoever takes over one machine has not taken over the
 * cluster (plugin/pkg/admission/noderestriction). Which objects a node may read is the Node authorizer's.
 */
export function nodeRestriction(authorizer: Authorizer): AdmissionPluginFactory {
  return (client): AdmissionPlugin => ({
    name: 'NodeRestriction',
    changes: [],
    admit(request) {
      const node = nodeOf(request.attributes.user);
      if (node === undefined) return;
      if (node === '') {
        const name = JSON.stringify(request.attributes.user.name);
        throw forbidden(request, `could not determine node from user ${name}`);
      }
      return CHECKS[groupResourceOf(request.attributes)]?.({ node, request, client, authorizer });
    },
  });
}

/** @returns `undefined` for who is no node. */
function nodeOf({ name, groups }: UserInfo): string | undefined {
  return name.startsWith(USER_PREFIX) && groups.includes('system:nodes') ? name.slice(USER_PREFIX.length) : undefined;
}

const CHECKS: Readonly<Record<string, Check>> = {
  pods: checkPods,
  nodes: ({ node, request }) => checkOwnNode(node, request),
  persistentvolumeclaims: checkClaimStatus,
  serviceaccounts: checkToken,
  'leases.coordination.k8s.io': ({ node, request }) => {
    if (request.attributes.namespace !== LEASE_NAMESPACE) {
      throw forbidden(request, `can only access leases in the "${LEASE_NAMESPACE}" system namespace`);
    }
    if (nameOf(request) !== node) {
      throw forbidden(request, 'can only access node lease with the same name as the requesting node');
    }
  },
  'csinodes.storage.k8s.io': ({ node, request }) => {
    if (nameOf(request) !== node) {
      throw forbidden(request, 'can only access CSINode with the same name as the requesting node');
    }
  },
  'resourceslices.resource.k8s.io': ({ node, request }) => {
    const { operation, object, oldObject } = request;
    if (operation !== 'CREATE' && operation !== 'DELETE') return;
    const slice = (operation === 'CREATE' ? object : oldObject) as { spec?: { nodeName?: string } } | undefined;
    if (slice?.spec?.nodeName === node) return;
    const verb = operation.toLowerCase();
    throw forbidden(request, `can only ${verb} ResourceSlice with the same NodeName as the requesting node`);
  },
};

function nameOf({ operation, object, attributes }: AdmissionRequest): string {
  return operation === 'CREATE' ? (object?.metadata.name ?? '') : attributes.name;
}

async function checkPods(from: NodeRequest): Promise<void> {
  const { node, request, client } = from;
  const { attributes, operation } = request;
  const quoted = JSON.stringify(node);
  switch (attributes.subresource) {
    case '': {
      if (operation === 'CREATE') return checkMirrorPod(from);
      if (operation !== 'DELETE') {
        const text = `unexpected operation ${JSON.stringify(operation)}, node ${quoted} can only create and delete mirror pods`;
        throw forbidden(request, text);
      }
      if ((request.oldObject as Pod | undefined)?.spec?.nodeName === node) return;
      throw forbidden(request, `node ${quoted} can only delete pods with spec.nodeName set to itself`);
    }
    case 'status':
      return checkPodStatus(from);
    case 'eviction': {
      const pod = await lookUp(client, pods, attributes.namespace, attributes.name);
      if (pod.spec?.nodeName === node) return;
      throw forbidden(request, `node ${node} can only evict pods with spec.nodeName set to itself`);
    }
    default: {
      const what = `unexpected pod subresource ${JSON.stringify(attributes.subresource)}`;
      throw forbidden(request, `${what}, only 'status' and 'eviction' are allowed`);
    }
  }
}

function checkPodStatus({ node, request }: NodeRequest): void {
  const quoted = JSON.stringify(node);
  const pod = request.object as Pod | undefined;
  const old = request.oldObject as Pod | undefined;
  if (old?.spec?.nodeName !== node) {
    throw forbidden(request, `node ${quoted} can only update pod status for pods with spec.nodeName set to itself`);
  }
  if (!deepEqual(pod?.metadata.labels ?? {}, old.metadata.labels ?? {})) {
    throw forbidden(request, `node ${quoted} cannot update labels through pod status`);
  }
  if (!deepEqual(pod?.status?.resourceClaimStatuses ?? [], old.status?.resourceClaimStatuses ?? [])) {
    throw forbidden(request, `node ${quoted} cannot update resource claim statues`);
  }
  if (!deepEqual(pod?.status?.extendedResourceClaimStatus, old.status?.extendedResourceClaimStatus)) {
    throw forbidden(request, `node ${quoted} cannot update extended resource claim status`);
  }
}

function checkClaimStatus({ node, request }: NodeRequest): void {
  if (request.attributes.subresource !== 'status') throw forbidden(request, 'may only update PVC status');
  if (deepEqual(beyondSize(request.object), beyondSize(request.oldObject))) return;
  const text = 'is not allowed to update fields other than status.quantity and status.conditions: ';
  throw forbidden(request, `node ${JSON.stringify(node)} ${text}`);
}

/** What a node reports of a claim when its volume has grown. */
const SIZE = ['capacity', 'conditions', 'allocatedResources', 'allocatedResourceStatuses'];
const BOOKKEEPING = ['resourceVersion', 'managedFields'];

/** A claim without that. */
function beyondSize(object: KubeObject | undefined): unknown {
  if (object === undefined) return undefined;
  const claim: PersistentVolumeClaim = object;
  return { ...claim, metadata: without(claim.metadata, BOOKKEEPING), status: without(claim.status ?? {}, SIZE) };
}

function without(fields: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
