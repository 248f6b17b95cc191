import { isRecord } from '../../json';

/** Kinds that every version knows besides its own (k8s.io/apimachinery/pkg/apis/meta/v1, `AddToGroupVersion`). */
const META_KINDS = ['Status', 'APIVersions', 'APIGroup', 'APIGroupList', 'APIResourceList'];

/** A webhook's answer is none. */
export class MalformedResponse extends Error {}

/**
 * The objects in a webhook's answer (apiextensions' pkg/apiserver/conversion/webhook_converter.go,
 * `getConvertedObjectsFromResponse`).
 * @param version of the review that was sent: `v1` or `v1beta1`.
 * @throws MalformedResponse
 */
export function convertedObjects(answer: Record<string, unknown>, version: string, uid: string): readonly unknown[] {
  const { apiVersion, kind, response } = answer;
  checkKind(String(apiVersion ?? ''), String(kind ?? ''), version);
  if (!isRecord(response)) throw new MalformedResponse('no response provided');
  // The first version left open whose answer it is.
  if (version === 'v1' && response.uid !== uid) {
    throw new MalformedResponse(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`,
    );
  }
  const { status = '', message = '' } = isRecord(response.result) ? response.result : {};
  if (status !== 'Success') {
    throw new MalformedResponse(String(message || `response.result.status was '${status}', not 'Success'`));
  }
  return Array.isArray(response.convertedObjects) ? response.convertedObjects : [];
}

/** What does not say its kind gets past the decoder. @throws MalformedResponse */
function checkKind(apiVersion: string, kind: string, version: string): void {
  const wanted = `apiextensions.k8s.io/${version}`;
  if (apiVersion === wanted && kind === 'ConversionReview') return;
  if (apiVersion === '' || kind === '') {
    if (version === 'v1beta1') return;
    const got = `${apiVersion.includes('/') ? apiVersion : `${apiVersion}/`}, Kind=${kind}`;
    throw new MalformedResponse(`expected webhook response of ${wanted}, Kind=ConversionReview, got ${got}`);
  }
  const isReview = kind === 'ConversionReview' && /^apiextensions\.k8s\.io\/v1(beta1)?$/.test(apiVersion);
  const isMeta = apiVersion === 'v1' && META_KINDS.includes(kind);
  if (!isReview && !isMeta) {
    throw new MalformedResponse(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const got = apiVersion.split('/').pop();
  throw new MalformedResponse(`converting (${got}.${kind}) to (${version}.ConversionReview): unknown conversion`);
}
