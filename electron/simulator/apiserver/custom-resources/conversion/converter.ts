import type { CustomResourceDefinition } from '../../../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import type { Random } from '../../../random';
import { kindText } from '../../go-text';
import { isRecord } from '../../json';
import { jsonType } from '../../schema';
import { failure } from '../../status-errors';
import { REVIEW_VERSIONS } from '../../validation/webhook-client';
import { type WebhookClient, type WebhookClientConfig, WebhookFailure } from '../../webhook/client';
import { checkIdentity, InvalidConversion, restoredMetadata } from './metadata';
import { convertedObjects, MalformedResponse } from './review';

/**
 * Brings an object into another version, which may take a while.
 * @throws StatusError 500 when that fails.
 */
export type Converter = (object: KubeObject, apiVersion: string) => Promise<KubeObject>;

/** What of a webhook's answer is no object at all: the message says it all. */
class Undecodable extends Error {}

/** Seconds that a webhook may take. */
const TIMEOUT = 30;

/**
 * How a definition has its objects converted by a webhook; `undefined`: it has not. Upstream asks about one object at a time, whoever
 * wants them: all are decoded one by one (apiextensions' pkg/apiserver/conversion/webhook_converter.go).
 */
export function webhookConverter(
  { spec }: CustomResourceDefinition,
  client: WebhookClient,
  random: Random,
): Converter | undefined {
  const { strategy, webhook } = spec.conversion ?? {};
  if (strategy !== 'Webhook' || webhook?.clientConfig === undefined) return undefined;
  const config = withoutBlankBundle(webhook.clientConfig);
  const version = webhook.conversionReviewVersions?.find((each) => REVIEW_VERSIONS.includes(each));
  return async (object, desiredAPIVersion) => {
    if (object.apiVersion === desiredAPIVersion) return object;
    if (version === undefined) throw failure(500, undefined, 'no supported conversion review versions');
    const uid = random.uuid();
    const by = `conversion webhook for ${kindText(object.apiVersion, object.kind)}`;
    try {
      const review = {
        kind: 'ConversionReview',
        apiVersion: `apiextensions.k8s.io/${version}`,
        request: { uid, desiredAPIVersion, objects: [object] },
        response: { uid: '', convertedObjects: null, result: { metadata: {} } },
      };
      const answer = await client.post(config, review, TIMEOUT);
      const converted = convertedObjects(answer, version, uid);
      if (converted.length !== 1) {
        throw failure(500, undefined, `${by} returned ${converted.length} objects, expected 1`);
      }
      return checked(object, converted[0], desiredAPIVersion);
    } catch (error) {
      throw told(error, by);
    }
  };
}

/** What is blank is taken for none. */
function withoutBlankBundle({ caBundle = '', ...config }: WebhookClientConfig): WebhookClientConfig {
  const isBlank = Buffer.from(caBundle, 'base64').toString().trim() === '';
  return isBlank ? config : { ...config, caBundle };
}

function told(error: unknown, by: string): unknown {
  if (error instanceof WebhookFailure || error instanceof MalformedResponse) {
    return failure(500, undefined, `${by} failed: ${error.message}`);
  }
  if (error instanceof InvalidConversion) return failure(500, undefined, `${by} returned invalid ${error.message}`);
  return error instanceof Undecodable ? failure(500, undefined, error.message) : error;
}

/** @throws InvalidConversion, or Undecodable when it is no object. */
function checked(before: KubeObject, value: unknown, apiVersion: string): KubeObject {
  const object = decoded(value);
  const got = String(object.apiVersion ?? '');
  if (got !== apiVersion) {
    const versions = `expected ${apiVersion}, received ${got}`;
    throw new InvalidConversion(`object at index 0: invalid groupVersion (${versions})`);
  }
  if (object.kind !== before.kind) {
    const kinds = `expected ${before.kind}, received ${object.kind}`;
    throw new InvalidConversion(`object at index 0: invalid kind (${kinds})`);
  }
  const within = <T>(what: string, check: () => T) => {
    try {
      return check();
    } catch (error) {
      if (error instanceof InvalidConversion) throw new InvalidConversion(`${what}: ${error.message}`);
      throw error;
    }
  };
  within('object', () => checkIdentity(before, object));
  return { ...object, metadata: within('metadata', () => restoredMetadata(before, object)) };
}

/** `unstructured.UnmarshalJSON`. @throws Undecodable */
function decoded(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) throw new Undecodable('unexpected end of JSON input');
  if (!isRecord(value)) {
    throw new Undecodable(`json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`);
  }
  if (!value.kind) throw new Undecodable(`Object 'Kind' is missing in '${JSON.stringify(value)}'`);
  return value;
}
