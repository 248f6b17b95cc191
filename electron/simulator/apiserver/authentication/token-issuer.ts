import type { KubeObject, Pod, ServiceAccount } from '../../../../shared/kubernetes/objects';
import { nodes, pods, type Resource, secrets } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { TokenIssuer } from '../registry/virtual-resource';
import { badRequest, conflict, invalid } from '../status-errors';
import { type Binding, ISSUER, type ServiceAccountTokens } from './service-account-tokens';

interface TokenRequest extends KubeObject {
  readonly spec?: {
    readonly audiences?: readonly string[];
    /** Seconds. */
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  };
}

const DEFAULT_SECONDS = 3600;
const SHORTEST = 600;
const LONGEST = 2 ** 32;
/** What admission puts into pods; those tokens last a year, for programs that read them once (upstream's token extension). */
const EXTENDED_FROM = 3607;
const EXTENDED_TO = 365 * 24 * 3600;

const boundResources: Readonly<Record<string, Resource>> = { Pod: pods, Secret: secrets, Node: nodes };

/**
 * Serves TokenRequests (pkg/registry/core/serviceaccount/storage/token.go).
 * @param client gives the client that reads as the API server itself.
 */
export function createTokenIssuer(tokens: ServiceAccountTokens, client: () => ApiClient): TokenIssuer {
  return {
    async issue(account: ServiceAccount, request: TokenRequest) {
      const seconds = request.spec?.expirationSeconds ?? DEFAULT_SECONDS;
      checkSeconds(seconds);
      const audiences = request.spec?.audiences?.length ? request.spec.audiences : [ISSUER];
      const { bound, node } = await boundObject(account, request, client());
      const extended = seconds === EXTENDED_FROM && audiences.length === 1 && audiences[0] === ISSUER && bound;
      const token = tokens.issue(account, audiences, extended ? EXTENDED_TO : seconds, bound, node);
      const told = tokens.now() + seconds * 1000;
      return {
        ...request,
        metadata: { ...request.metadata, name: account.metadata.name, namespace: account.metadata.namespace },
        spec: { ...request.spec, audiences, expirationSeconds: seconds },
        status: { token, expirationTimestamp: `${new Date(told).toISOString().slice(0, 19)}Z` },
      } as KubeObject;
    },
  };
}

function checkSeconds(seconds: number): void {
  const fault = (text: string) =>
    invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      { type: 'FieldValueInvalid', field: 'spec.expirationSeconds', message: `Invalid value: ${seconds}: ${text}` },
    ]);
  if (seconds < SHORTEST) throw fault('may not specify a duration less than 10 minutes');
  if (seconds > LONGEST) throw fault('may not specify a duration larger than 2^32 seconds');
}

async function boundObject(
  account: ServiceAccount,
  request: TokenRequest,
  client: ApiClient,
): Promise<{ bound?: Binding; node?: { name: string; uid: string } }> {
  const reference = request.spec?.boundObjectRef;
  if (reference === undefined) return {};
  const { kind = '', name = '', uid } = reference;
  const resource = boundResources[kind];
  if (resource === undefined) throw badRequest(`cannot bind token for serviceaccount to object of type ${kind}`);
  const object = await client.get(resource, resource.namespaced ? account.metadata.namespace : undefined, name);
  const actual = object.metadata.uid ?? '';
  if (uid && uid !== actual) {
    throw conflict(
      resource,
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const bound: Binding = { kind: kind as Binding['kind'], name, uid: actual };
  if (kind !== 'Pod') return { bound };
  const { serviceAccountName, nodeName } = (object as Pod).spec ?? {};
  if (serviceAccountName !== account.metadata.name) {
    throw badRequest(
      `cannot bind token for serviceaccount "${account.metadata.name}" to pod running with different serviceaccount name.`,
    );
  }
  const node = nodeName ? await nodeReference(nodeName, client) : undefined;
  return { bound, ...(node === undefined ? {} : { node }) };
}

async function nodeReference(name: string, client: ApiClient): Promise<{ name: string; uid: string } | undefined> {
  try {
    const node = await client.get(nodes, undefined, name);
    return { name, uid: node.metadata.uid ?? '' };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
