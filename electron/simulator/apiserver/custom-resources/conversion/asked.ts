import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import type { AskedConversion, StorageConversion } from '../../registry/definition';
import { dropNulls, prune } from '../schema/prune';
import type { Converter } from './converter';

/**
 * How a version's objects are kept when a webhook converts them (apiextensions' pkg/apiserver/customresource_handler.go,
 * `crdConversionRESTOptionsGetter` and `schemaCoercingConverter`). What it gives is pruned and gets no defaults.
 * @param versions what each version's objects hold, by apiVersion.
 * @param reading what is stored, by the schema of its own version.
 */
export function askedConversion(
  apiVersion: string,
  storedVersion: string,
  versions: ReadonlyMap<string, JsonSchema | undefined>,
  keepsUnknown: boolean,
  reading: StorageConversion<KubeObject>['fromStorage'],
  convert: Converter,
): AskedConversion {
  const converted = async (object: KubeObject, to: string): Promise<KubeObject> => {
    // Shares nothing with what was given: it has come over the wire.
    const next = await convert(object, to);
    if (next === object || keepsUnknown) return next;
    const record = next as unknown as Record<string, unknown>;
    prune(record, versions.get(to));
    dropNulls(record, versions.get(to));
    return next;
  };
  return {
    fromStorage: (stored) => converted(reading(stored), apiVersion),
    toStorage: (object) => converted(object, storedVersion),
  };
}
