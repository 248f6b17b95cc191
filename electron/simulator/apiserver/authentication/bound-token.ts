import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { nodes, pods, type Resource, secrets, serviceAccounts } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { Claims } from './json-web-token';

export interface Reference {
  readonly name: string;
  /** Absent for a node that was not there when the token was made. */
  readonly uid?: string;
}

/** What upstream puts under the claim `kubernetes.io` (pkg/serviceaccount/claims.go). */
export interface BoundClaims extends Claims {
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: { readonly name: string; readonly uid: string };
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly node?: Reference;
    /** Seconds since the epoch. */
    readonly warnafter?: number;
  };
}

/**
 * Checks that all a token is bound to is still there.
 * @param deadline seconds since the epoch: what has been on its way out since before then is gone.
 * @throws Error with the texts of upstream's validator.
 */
export async function checkBinding(claims: BoundClaims, deadline: number, client: ApiClient): Promise<void> {
  const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'];
  const account = await client.get(serviceAccounts, namespace, serviceaccount.name);
  if (account.metadata.uid !== serviceaccount.uid) {
    throw new Error(`service account UID (${account.metadata.uid}) does not match claim (${serviceaccount.uid})`);
  }
  if (isGone(account, deadline)) {
    throw new Error(`service account ${namespace}/${serviceaccount.name} has been deleted`);
  }
  if (secret !== undefined) await checkReference('secret', secrets, namespace, secret, deadline, client);
  if (pod !== undefined) await checkReference('pod', pods, namespace, pod, deadline, client);
  // A node beside a pod says where the pod runs, no more.
  else if (node !== undefined) await checkReference('node', nodes, undefined, node, deadline, client);
}

async function checkReference(
  kind: string,
  resource: Resource,
  namespace: string | undefined,
  { name, uid }: Reference,
  deadline: number,
  client: ApiClient,
): Promise<void> {
  const invalidated = 'service account token has been invalidated';
  let object: KubeObject;
  try {
    object = await client.get(resource, namespace, name);
  } catch (error) {
    if (isNotFound(error)) throw new Error(invalidated, { cause: error });
    throw error;
  }
  if (object.metadata.uid !== uid) {
    throw new Error(`${kind} UID (${object.metadata.uid}) does not match service account ${kind} ref claim (${uid})`);
  }
  if (isGone(object, deadline)) throw new Error(invalidated);
}

function isGone({ metadata }: KubeObject, deadline: number): boolean {
  return metadata.deletionTimestamp !== undefined && Date.parse(metadata.deletionTimestamp) / 1000 < deadline;
}
