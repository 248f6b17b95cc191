import type { KubeObject, Pod, ServiceAccount } from '../../../../shared/kubernetes/objects';
import { nodes, pods, type Resource, secrets } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { type Clock, timestamp } from '../../clock';
import { kindText } from '../go-text';
import { noteCreator } from '../registry/track';
import type { TokenIssuer } from '../registry/virtual-resource';
import { badRequest, conflict, invalid as invalidObject } from '../status-errors';
import { type FieldError, invalid } from '../validation/field-error';
import type { Reference } from './bound-token';
import type { Binding, ServiceAccountTokens } from './service-account-tokens';
import { API_AUDIENCES } from './token-authenticator';

interface TokenRequest extends KubeObject {
  readonly spec?: {
    readonly audiences?: readonly string[];
    /** Seconds. */
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly uid?: string;
    } | null;
  };
}

const GROUP = 'authentication.k8s.io';
const KIND = { group: GROUP, version: 'v1', kind: 'TokenRequest' };
const DEFAULT_SECONDS = 3600;
const SHORTEST = 600;
const LONGEST = 2 ** 32;
/** What admission puts into pods; those tokens last a year, for programs that read them once (upstream's token extension). */
const EXTENDED_FROM = 3607;
const EXTENDED_TO = 365 * 24 * 3600;

/**
 * Serves TokenRequests (pkg/registry/core/serviceaccount/storage/token.go).
 * @param client gives the client that reads as the API server itself.
 */
export function createTokenIssuer(tokens: ServiceAccountTokens, client: () => ApiClient, clock: Clock): TokenIssuer {
  return {
    async issue(account: ServiceAccount, request: TokenRequest, by) {
      const spec = { ...request.spec, expirationSeconds: request.spec?.expirationSeconds ?? DEFAULT_SECONDS };
      if (by.manager !== undefined) {
        noteCreator(Object.assign({ ...request }, { spec }), KIND, by.manager, timestamp(clock), 'token');
      }
      checkAccount(account, request);
      const seconds = spec.expirationSeconds;
      refuse('', checkSeconds(seconds));
      const audiences = spec.audiences?.length ? spec.audiences : API_AUDIENCES;
      const { bound, node } = await boundObject(account, request, client());
      const isForApi = audiences.every((audience) => API_AUDIENCES.includes(audience));
      const extended = seconds === EXTENDED_FROM && bound?.kind === 'Pod' && isForApi;
      const { token, id } = tokens.issue(account, {
        audiences,
        lifetime: extended ? EXTENDED_TO : seconds,
        ...(extended ? { warnAfter: seconds } : {}),
        ...(bound === undefined ? {} : { bound }),
        ...(node === undefined ? {} : { node }),
      });
      by.annotate?.('authentication.kubernetes.io/issued-credential-id', `JTI=${id}`);
      const { name, namespace, uid } = account.metadata;
      return {
        kind: 'TokenRequest',
        apiVersion: `${GROUP}/v1`,
        metadata: { ...request.metadata, name, namespace, uid, creationTimestamp: timestamp(clock) },
        spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
        status: { token, expirationTimestamp: timestamp(clock, seconds * 1000) },
      } as KubeObject;
    },
  };
}

/** What a request says of its account must be so. */
function checkAccount({ metadata: account }: ServiceAccount, { metadata: wanted }: TokenRequest): void {
  const name = account.name ?? '';
  if (wanted.name && wanted.name !== name) {
    refuse(name, [invalid('metadata.name', wanted.name, 'must match the service account name if specified')]);
  }
  if (wanted.uid && wanted.uid !== account.uid) {
    const text = `the UID in the token request (${wanted.uid}) does not match the UID of the service account (${account.uid})`;
    throw conflict({ group: GROUP, resource: 'TokenRequest' }, name, text);
  }
}

function refuse(name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject(KIND, name, errors);
}

function checkSeconds(seconds: number): FieldError[] {
  const fault = (text: string) => [invalid('spec.expirationSeconds', seconds, text)];
  if (seconds < SHORTEST) return fault('may not specify a duration less than 10 minutes');
  return seconds > LONGEST ? fault('may not specify a duration larger than 2^32 seconds') : [];
}

const boundResources: Readonly<Record<Binding['kind'], Resource>> = { Pod: pods, Secret: secrets, Node: nodes };

function isBindable(apiVersion: string, kind: string): kind is Binding['kind'] {
  return !apiVersion.includes('/') && Object.hasOwn(boundResources, kind);
}

async function boundObject(
  account: ServiceAccount,
  request: TokenRequest,
  client: ApiClient,
): Promise<{ bound?: Binding; node?: Reference }> {
  const reference = request.spec?.boundObjectRef ?? undefined;
  if (reference === undefined) return {};
  const { apiVersion = '', kind = '', name = '', uid } = reference;
  if (!isBindable(apiVersion, kind)) {
    throw badRequest(`cannot bind token to object of type ${kindText(apiVersion, kind)}`);
  }
  if (name === '') throw badRequest('Name parameter required.');
  const resource = boundResources[kind];
  const object = await client.get(resource, resource.namespaced ? account.metadata.namespace : undefined, name);
  const { serviceAccountName, nodeName } = kind === 'Pod' ? ((object as Pod).spec ?? {}) : {};
  if (kind === 'Pod' && serviceAccountName !== account.metadata.name) {
    const text = `cannot bind token for serviceaccount "${account.metadata.name}" to pod running with different serviceaccount name.`;
    throw badRequest(text);
  }
  const actual = object.metadata.uid ?? '';
  if (uid && uid !== actual) {
    throw conflict(
      { group: '', resource: kind },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const bound: Binding = { kind, name, uid: actual };
  return nodeName ? { bound, node: await nodeReference(nodeName, client) } : { bound };
}

async function nodeReference(name: string, client: ApiClient): Promise<Reference> {
  try {
    const { metadata } = await client.get(nodes, undefined, name);
    return metadata.uid === undefined ? { name } : { name, uid: metadata.uid };
  } catch (error) {
    if (isNotFound(error)) return { name };
    throw error;
  }
}
