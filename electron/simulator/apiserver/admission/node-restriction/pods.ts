import type { Pod } from '../../../../../shared/kubernetes/objects';
import { nodes } from '../../../../../shared/kubernetes/resources';
import { apiReference } from '../api-references';
import { forbidden } from '../forbidden';
import type { NodeRequest } from '.';
import { lookUp } from './lookup';

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** A node shows what it runs by itself: bound to it, owned by it, and in need of nothing of the API's. */
export async function checkMirrorPod({ node, request, client }: NodeRequest): Promise<void> {
  const pod = request.object as Pod;
  const quoted = JSON.stringify(node);
  const only = `node ${quoted} can only create pods with`;
  if (pod.metadata.annotations?.[MIRROR_ANNOTATION] === undefined) {
    const lacks = `pod does not have ${JSON.stringify(MIRROR_ANNOTATION)} annotation`;
    throw forbidden(request, `${lacks}, node ${quoted} can only create mirror pods`);
  }
  if (pod.spec?.nodeName !== node) throw forbidden(request, `${only} spec.nodeName set to itself`);
  const [owner, another] = pod.metadata.ownerReferences ?? [];
  if (another !== undefined) throw forbidden(request, `${only} a single owner reference set to itself`);
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) {
    throw forbidden(request, `${only} an owner reference set to itself`);
  }
  if (owner.controller !== true) throw forbidden(request, `${only} a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion === true) {
    throw forbidden(request, `node ${quoted} must not set blockOwnerDeletion on an owner reference`);
  }
  const { uid } = (await lookUp(client, nodes, undefined, node)).metadata;
  if (owner.uid !== uid) {
    throw forbidden(request, `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`);
  }
  const reference = apiReference(pod.spec);
  if (reference !== undefined)
    throw forbidden(request, `node ${quoted} can not create pods that reference ${reference}`);
}
