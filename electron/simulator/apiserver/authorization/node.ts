import type { PersistentVolume, Pod, VolumeAttachment } from '../../../../shared/kubernetes/objects';
import { persistentVolumes, pods, volumeAttachments } from '../../../../shared/kubernetes/resources';
import { parseFieldSelector } from '../../../../shared/kubernetes/selectors';
import type { ApiClient, UserInfo } from '../../client';
import { Informer } from '../../informer';
import type { RequestAttributes } from '../request';
import type { Decision, HeldRules, LiveAuthorizer } from './authorizer';
import { nodeRules } from './bootstrap/roles';
import { claimNames, type ReferenceKind, refersTo, volumeSecretKeys } from './pod-references';
import { ruleAllows } from './rule';

const USER_PREFIX = 'system:node:';
const NODES_GROUP = 'system:nodes';
const LEASE_NAMESPACE = 'kube-node-lease';
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

const ALLOWED: Decision = { allowed: true, reason: '' };
const NO_OPINION: Decision = { allowed: false, reason: '' };
const no = (reason: string): Decision => ({ allowed: false, reason });

/** The name of the node that a user is (pkg/auth/nodeidentifier); `undefined` for everybody else. */
function nodeNameOf(user: UserInfo): string | undefined {
  if (!user.name.startsWith(USER_PREFIX) || !user.groups.includes(NODES_GROUP)) return undefined;
  return user.name.slice(USER_PREFIX.length);
}

/**
 * Lets a kubelet read what the pods on its node refer to, and no more (plugin/pkg/auth/authorizer/node). Upstream walks a
 * graph from the object to the node; here the node's own pods, at most some hundred, are asked for the object.
 */
export class NodeAuthorizer implements LiveAuthorizer {
  #pods: Informer<Pod> | undefined;
  #volumes: Informer<PersistentVolume> | undefined;
  #attachments: Informer<VolumeAttachment> | undefined;

  async start(client: ApiClient): Promise<void> {
    this.#pods = new Informer(client, pods);
    this.#pods.addIndex('node', ({ spec }) => (spec?.nodeName ? [spec.nodeName] : []));
    this.#volumes = new Informer(client, persistentVolumes);
    this.#volumes.addIndex('secret', volumeSecretKeys);
    this.#attachments = new Informer(client, volumeAttachments);
    await Promise.all([this.#pods.start(), this.#volumes.start(), this.#attachments.start()]);
  }

  stop(): void {
    for (const informer of [this.#pods, this.#volumes, this.#attachments]) informer?.stop();
  }

  authorize(request: RequestAttributes): Decision {
    const node = nodeNameOf(request.user);
    if (node === undefined) return NO_OPINION;
    if (node === '') return no(`unknown node for user ${JSON.stringify(request.user.name)}`);
    const special = request.isResource ? this.#divided(node, request) : undefined;
    if (special !== undefined) return special;
    return nodeRules.some((rule) => ruleAllows(rule, request)) ? ALLOWED : NO_OPINION;
  }

  rulesFor(user: UserInfo): HeldRules {
    return nodeNameOf(user) === undefined
      ? { rules: [], incomplete: false, error: '' }
      : { rules: [], incomplete: true, error: 'node authorizer does not support user rule resolution' };
  }

  /** Resources of which a node may have some objects and not others; `undefined` for all others. */
  #divided(node: string, request: RequestAttributes): Decision | undefined {
    switch (request.group === '' ? request.resource : `${request.resource}.${request.group}`) {
      case 'secrets':
        return this.#read(node, 'secret', request);
      case 'configmaps':
        return this.#read(node, 'configmap', request);
      case 'persistentvolumeclaims':
        return request.subresource === 'status' ? this.#claimStatus(node, request) : this.#get(node, request);
      case 'persistentvolumes':
      case 'volumeattachments.storage.k8s.io':
        return this.#get(node, request);
      case 'serviceaccounts':
        return this.#serviceAccount(node, request);
      case 'leases.coordination.k8s.io':
        return lease(node, request);
      case 'csinodes.storage.k8s.io':
        return csiNode(node, request);
      case 'nodes':
        return nodeObject(node, request);
      case 'pods':
        return this.#pod(node, request);
      default:
        return undefined;
    }
  }

  #read(node: string, kind: ReferenceKind, request: RequestAttributes): Decision {
    if (!['get', 'list', 'watch'].includes(request.verb)) return no('can only read resources of this type');
    if (request.subresource !== '') return no('cannot read subresource');
    if (request.namespace === '') return no('can only read namespaced object of this type');
    return this.#related(node, request, () => this.#refersTo(node, kind, request.namespace, request.name));
  }

  #get(node: string, request: RequestAttributes): Decision {
    if (request.verb !== 'get') return no('can only get individual resources of this type');
    if (request.subresource !== '') return no('cannot get subresource');
    return this.#related(node, request, () => this.#reaches(node, request));
  }

  #claimStatus(node: string, request: RequestAttributes): Decision {
    if (request.verb !== 'update' && request.verb !== 'patch') return no('can only get/update/patch this type');
    return this.#related(node, request, () => this.#reaches(node, request));
  }

  #serviceAccount(node: string, request: RequestAttributes): Decision {
    if (request.verb === 'get' && request.subresource === '') return this.#read(node, 'serviceaccount', request);
    if (request.verb !== 'create' || request.name === '') {
      return no('can only create tokens for individual service accounts');
    }
    if (request.subresource !== 'token') return no('can only create token subresource of serviceaccount');
    return this.#related(node, request, () => this.#refersTo(node, 'serviceaccount', request.namespace, request.name));
  }

  #pod(node: string, request: RequestAttributes): Decision {
    const { verb, subresource } = request;
    if (subresource === '') {
      if (verb === 'get') return this.#get(node, request);
      // Which pods, the NodeRestriction admission plugin looks at.
      if (verb === 'create' || verb === 'delete') return ALLOWED;
      if (verb === 'list' || verb === 'watch') {
        if (selectsNode(request.fieldSelector, node)) return ALLOWED;
        if (request.name !== '') return this.#related(node, request, () => this.#reaches(node, request));
        return no('can only list/watch pods with spec.nodeName field selector');
      }
    }
    if (subresource === 'status' && (verb === 'update' || verb === 'patch')) return ALLOWED;
    return subresource === 'eviction' && verb === 'create' ? ALLOWED : NO_OPINION;
  }

  #related(node: string, request: RequestAttributes, isRelated: () => boolean): Decision {
    if (request.name === '') return no('No Object name found');
    return isRelated() ? ALLOWED : no(`no relationship found between node '${node}' and this object`);
  }

  /** Whether the object of a request belongs to the node. */
  #reaches(node: string, { resource, namespace, name }: RequestAttributes): boolean {
    switch (resource) {
      case 'pods':
        return this.#pods?.get(namespace, name)?.spec?.nodeName === node;
      case 'volumeattachments':
        return this.#attachments?.get(undefined, name)?.spec?.nodeName === node;
      case 'persistentvolumeclaims':
        return this.#refersTo(node, 'persistentvolumeclaim', namespace, name);
      default: {
        const claim = this.#volumes?.get(undefined, name)?.spec?.claimRef;
        return this.#refersTo(node, 'persistentvolumeclaim', claim?.namespace ?? '', claim?.name ?? '');
      }
    }
  }

  #refersTo(node: string, kind: ReferenceKind, namespace: string, name: string): boolean {
    const own = (this.#pods?.byIndex('node', node) ?? []).filter(isNoMirror);
    if (own.some((pod) => pod.metadata.namespace === namespace && refersTo(pod, kind, name))) return true;
    if (kind !== 'secret') return false;
    const volumes = this.#volumes?.byIndex('secret', `${namespace}/${name}`) ?? [];
    return volumes.some(({ spec }) =>
      own.some(
        (pod) =>
          pod.metadata.namespace === spec?.claimRef?.namespace && claimNames(pod).includes(spec?.claimRef?.name ?? ''),
      ),
    );
  }
}

/** A mirror pod is of its node's own making: it gives access to nothing. */
function isNoMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[MIRROR_ANNOTATION] === undefined;
}

function selectsNode(fieldSelector: string | undefined, node: string): boolean {
  if (!fieldSelector) return false;
  try {
    return parseFieldSelector(fieldSelector).some(
      ({ field, operator, value }) => field === 'spec.nodeName' && operator === '=' && value === node,
    );
  } catch {
    // A selector that cannot be read selects nothing; the list itself will say what is wrong with it.
    return false;
  }
}

const ONE_OBJECT_VERBS = ['get', 'create', 'update', 'patch', 'delete'];

function lease(node: string, { verb, namespace, name }: RequestAttributes): Decision {
  if (!ONE_OBJECT_VERBS.includes(verb)) return no('can only get, create, update, patch, or delete a node lease');
  if (namespace !== LEASE_NAMESPACE) return no(`can only access leases in the "${LEASE_NAMESPACE}" system namespace`);
  if (verb !== 'create' && name !== node)
    return no('can only access node lease with the same name as the requesting node');
  return ALLOWED;
}

function csiNode(node: string, { verb, subresource, name }: RequestAttributes): Decision {
  if (!ONE_OBJECT_VERBS.includes(verb)) return no('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return no('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node)
    return no('can only access CSINode with the same name as the requesting node');
  return ALLOWED;
}

function nodeObject(node: string, { verb, subresource, name }: RequestAttributes): Decision {
  const isUpdate = verb === 'update' || verb === 'patch';
  if (subresource === 'status') return isUpdate ? ALLOWED : NO_OPINION;
  if (subresource !== '') return NO_OPINION;
  if (verb === 'create' || isUpdate) return ALLOWED;
  if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return NO_OPINION;
  if (name === node) return ALLOWED;
  return no(
    name === ''
      ? `node '${node}' cannot read all nodes, only its own Node object`
      : `node '${node}' cannot read '${name}', only its own Node object`,
  );
}
