import type { KubeObject, Status } from '../../../../../shared/kubernetes/objects';
import { groupVersionOf } from '../../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import { isRecord } from '../../json';
import { badRequest } from '../../status-errors';
import { type WebhookClient, WebhookFailure } from '../../webhook/client';
import { reviewOf } from '../attributes';
import { converter } from '../matching/equivalents';
import type { Match } from '../matching/resources';
import type { AdmissionRequest, ServedApi } from '../plugin';
import type { Hook } from './hooks';

/** A webhook that is to be asked about a request. */
export interface Call {
  readonly api: ServedApi;
  readonly client: WebhookClient;
  readonly hook: Hook;
  readonly request: AdmissionRequest;
  /** As what the webhook is shown the request. */
  readonly match: Match;
  /** Of the review. */
  readonly uid: string;
}

/** What a webhook has answered, once it has been found to be an answer. */
export interface ReviewResponse {
  readonly allowed: boolean;
  readonly status?: Partial<Status>;
  /** A JSON patch, in base64. */
  readonly patch?: string;
  readonly patchType?: string;
  readonly auditAnnotations?: Readonly<Record<string, string>>;
  readonly warnings?: readonly string[];
}

/** A webhook could not be asked: what that means is for its failure policy to say. */
export class CallFailure extends Error {
  constructor(webhook: string, reason: string) {
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${reason}`);
  }
}

const QUIET_SIDE_EFFECTS = ['None', 'NoneOnDryRun'];

/**
 * Asks a webhook about a request, and passes on its warnings and annotations (plugin/webhook/validating/dispatcher.go `callHook`,
 * plugin/webhook/request/admissionreview.go).
 * @throws CallFailure, or a StatusError 400 when a dry run is more than the webhook can do.
 */
export async function review(
  { api, client, hook: { webhook }, request, match, uid }: Call,
  isMutating: boolean,
): Promise<ReviewResponse> {
  if (request.dryRun && !QUIET_SIDE_EFFECTS.includes(webhook.sideEffects)) {
    throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
  }
  const version = webhook.admissionReviewVersions.find((each) => each === 'v1' || each === 'v1beta1');
  if (version === undefined) {
    const why = 'webhook does not accept known AdmissionReview versions (v1, v1beta1)';
    throw new CallFailure(webhook.name, `could not create admission objects: ${why}`);
  }
  const convert = converter(api, request, match.resource);
  const { object, oldObject, managed } = request;
  const { options, dryRun, ...about } = reviewOf(request, uid, match);
  const asked = {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: {
      ...about,
      object: object === undefined ? null : withManaged(convert(object), managed?.object),
      oldObject: oldObject === undefined ? null : withManaged(convert(oldObject), managed?.oldObject),
      dryRun,
      options,
    },
  };
  let answer: Record<string, unknown>;
  try {
    answer = await client.post(webhook.clientConfig, asked, webhook.timeoutSeconds ?? 10);
  } catch (error) {
    if (!(error instanceof WebhookFailure)) throw error;
    throw new CallFailure(webhook.name, `failed to call webhook: ${error.message}`);
  }
  const other = otherKind(answer, version);
  if (other !== undefined) throw new CallFailure(webhook.name, `failed to call webhook: ${other}`);
  const response = verified(answer, version, uid, isMutating);
  if (typeof response === 'string') {
    throw new CallFailure(webhook.name, `received invalid webhook response: ${response}`);
  }
  for (const [key, value] of Object.entries(response.auditAnnotations ?? {})) {
    request.annotate(`${webhook.name}/${key}`, value);
  }
  for (const warning of response.warnings ?? []) request.warn(warning);
  return response;
}

/** What the decoder says of an answer that is of another kind than the review. */
function otherKind({ apiVersion = '', kind = '' }: Record<string, unknown>, version: string): string | undefined {
  if (kind === '' || apiVersion === '') return undefined;
  const known = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'].includes(String(apiVersion));
  if (!known || kind !== 'AdmissionReview') {
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  }
  const { version: got } = groupVersionOf(String(apiVersion));
  if (got === version) return undefined;
  return `converting (${got}.AdmissionReview) to (${version}.AdmissionReview): unknown conversion`;
}

/** @param managed the list as JSON. */
function withManaged(object: KubeObject, managed: string | undefined): KubeObject {
  if (managed === undefined) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: JSON.parse(managed) } };
}

/** `VerifyAdmissionResponse`. @returns a text: what is wrong with the answer. */
function verified(
  answer: Record<string, unknown>,
  version: string,
  uid: string,
  isMutating: boolean,
): ReviewResponse | string {
  const { response } = answer;
  if (!isRecord(response)) return 'webhook response was absent';
  const { patch, patchType } = response;
  if (version === 'v1beta1') {
    // What the first version left open is taken as it comes.
    const patched = isMutating && patch ? { patch, patchType: 'JSONPatch' } : {};
    return readResponse({ ...response, patch: undefined, patchType: undefined, ...patched });
  }
  if (response.uid !== uid) {
    return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`;
  }
  // What does not say its kind has got past the decoder.
  if (!answer.kind || !answer.apiVersion) {
    const said = groupVersionOf(String(answer.apiVersion ?? ''));
    const got = `${said.group}/${said.version}, Kind=${answer.kind ?? ''}`;
    return `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${got}`;
  }
  if (!isMutating) {
    if (patch) return 'validating webhook may not return response.patch';
    if (patchType !== undefined && patchType !== null) return 'validating webhook may not return response.patchType';
  } else {
    const hasType = patchType !== undefined && patchType !== null;
    if (patch && !hasType) return 'webhook returned response.patch but not response.patchType';
    if (!patch && hasType) return 'webhook returned response.patchType but not response.patch';
    if (patchType === '') return 'webhook returned invalid response.patchType of ""';
  }
  return readResponse(response);
}

/** What is not of the type that it should be is passed over. */
function readResponse({ allowed, status, patch, patchType, auditAnnotations, warnings }: Record<string, unknown>) {
  return {
    allowed: allowed === true,
    ...(isRecord(status) ? { status: status as Partial<Status> } : {}),
    ...(typeof patch === 'string' ? { patch } : {}),
    ...(typeof patchType === 'string' ? { patchType } : {}),
    ...(isRecord(auditAnnotations) ? { auditAnnotations: texts(auditAnnotations) } : {}),
    ...(Array.isArray(warnings) ? { warnings: warnings.map(String) } : {}),
  };
}

function texts(map: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}

/** A webhook's refusal as the client is told of it (plugin/webhook/errors/statuserror.go, `ToStatusErr`). */
export function rejection(webhook: string, status: Partial<Status> | undefined): StatusError {
  const { message, reason, code = 0 } = status ?? {};
  const by = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const why = message || reason;
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    ...status,
    status: !status?.status || status.status === 'Success' ? 'Failure' : status.status,
    message: why ? `${by}: ${why}` : `${by} without explanation`,
    code: Math.max(code, 400),
  });
}
