import type { KubeObject, Pod } from '../../../../../shared/kubernetes/objects';
import {
  csiDrivers,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
} from '../../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../../client';
import { forbidden } from '../forbidden';
import type { NodeRequest } from '.';
import { lookUp } from './lookup';

type Volume = NonNullable<NonNullable<Pod['spec']>['volumes']>[number];

interface TokenRequest extends KubeObject {
  spec?: {
    audiences?: string[];
    boundObjectRef?: { apiVersion?: string; kind?: string; name?: string; uid?: string };
  };
}

/** A node gets tokens for pods that run on it, and for the audiences that those pods ask for. */
export async function checkToken(from: NodeRequest): Promise<void> {
  const { node, request, client } = from;
  const { subresource, namespace } = request.attributes;
  if (request.operation !== 'CREATE' || subresource !== 'token') return;
  const { spec }: TokenRequest = request.object ?? { metadata: {} };
  const bound = spec?.boundObjectRef;
  if (bound?.apiVersion !== 'v1' || bound.kind !== 'Pod' || !bound.name) {
    throw forbidden(request, 'node requested token not bound to a pod');
  }
  if (!bound.uid) throw forbidden(request, 'node requested token with a pod binding without a uid');
  const pod = await lookUp(client, pods, namespace, bound.name);
  if (pod.metadata.uid !== bound.uid) {
    const what = `the UID in the bound object reference (${bound.uid}) does not match the UID in record`;
    throw forbidden(request, `${what}. The object might have been deleted and then recreated`);
  }
  if (pod.spec?.nodeName !== node) {
    throw forbidden(request, 'node requested token bound to a pod scheduled on a different node');
  }
  await checkAudience(from, pod, spec?.audiences ?? []);
}

async function checkAudience({ request, client, authorizer }: NodeRequest, pod: Pod, audiences: string[]) {
  const [audience = '', another] = audiences;
  if (another !== undefined) throw forbidden(request, 'node may only request 0 or 1 audiences');
  for (const volume of pod.spec?.volumes ?? []) {
    if (await asksFor(client, pod, volume, audience)) return;
  }
  const { user, namespace, name } = request.attributes;
  const { allowed } = authorizer.authorize({
    ...request.attributes,
    verb: 'request-serviceaccounts-token-audience',
    group: '',
    version: 'v1',
    resource: audience,
    subresource: '',
    namespace,
    name,
  });
  if (allowed) return;
  const what = `audience ${JSON.stringify(audience)} not found in pod spec volume`;
  throw forbidden(request, `${what}, ${user.name} is not authorized to request tokens for this audience`);
}

/** Whether a volume is, or is of a driver that wants to be given, a token for the audience. */
async function asksFor(client: ApiClient, pod: Pod, volume: Volume, audience: string): Promise<boolean> {
  const tokens = (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken ?? []);
  if (tokens.some((token) => (token.audience ?? '') === audience)) return true;
  try {
    const driver = await driverOf(client, pod, volume);
    if (driver === undefined) return false;
    const { spec } = await client.get(csiDrivers, undefined, driver);
    return spec.tokenRequests?.some((token) => (token.audience ?? '') === audience) === true;
  } catch (error) {
    // What is not there asks for nothing.
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function driverOf(client: ApiClient, { metadata }: Pod, volume: Volume): Promise<string | undefined> {
  if (volume.csi !== undefined) return volume.csi.driver;
  const claimName =
    volume.ephemeral?.volumeClaimTemplate === undefined
      ? volume.persistentVolumeClaim?.claimName
      : `${metadata.name}-${volume.name}`;
  if (claimName === undefined) return undefined;
  const claim = await client.get(persistentVolumeClaims, metadata.namespace, claimName);
  const { spec } = await client.get(persistentVolumes, undefined, claim.spec?.volumeName ?? '');
  return spec?.csi?.driver;
}
