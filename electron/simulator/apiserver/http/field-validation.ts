import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { ResourceDefinition } from '../registry/definition';
import { decode, strictProblems } from '../schema';
import { badRequest } from '../status-errors';
import type { Exchange } from './exchange';

/**
 * Reads an object against its kind's schema: fields that the kind does not have are dropped, and told of as the
 * `fieldValidation` parameter asks (Ignore, Warn, Strict).
 * @param text the body as it came, for a search for fields that stand in it twice.
 * @throws StatusError 400 when a field has the wrong type, or is unknown under Strict.
 */
export function checkedFields(
  exchange: Exchange,
  { resource, definition }: { readonly resource: Resource; readonly definition?: ResourceDefinition },
  object: KubeObject,
  text?: string,
): KubeObject {
  const mode = exchange.query.get('fieldValidation') || 'Warn';
  if (!['Ignore', 'Warn', 'Strict'].includes(mode)) {
    throw badRequest(
      `invalid fieldValidation: fieldValidation: Unsupported value: ${JSON.stringify(mode)}: supported values: "Ignore", "Warn", "Strict"`,
    );
  }
  const decoded = definition?.decode?.(object) ?? decode(resource, object);
  if (mode !== 'Ignore') {
    const problems = strictProblems(decoded, text);
    if (problems.length > 0 && mode === 'Strict') {
      throw badRequest(
        `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${problems.join(', ')}`,
      );
    }
    for (const problem of problems) exchange.warn(problem);
  }
  // The schema has just said that it is one.
  return decoded.object as unknown as KubeObject;
}
