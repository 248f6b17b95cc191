import type { FlowSchema, KubeObject, PriorityLevelConfiguration } from '../../../../shared/kubernetes/objects';
import { flowSchemas, priorityLevelConfigurations, type Resource } from '../../../../shared/kubernetes/resources';
import { isAlreadyExists, isConflict, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { deepCopy, deepEqual } from '../json';
import { AUTO_UPDATE, mandatoryLevels, mandatorySchemas, suggestedLevels, suggestedSchemas } from './bootstrap-objects';

const options = { fieldManager: 'api-priority-and-fairness-config-producer-v1' };

type Configuration = FlowSchema | PriorityLevelConfiguration;

/**
 * Makes the FlowSchemas and priority levels that are missing, gives those that follow the server what it knows of them, and
 * takes away those that followed an older one (pkg/registry/flowcontrol/rest and ensurer).
 */
export async function ensureFlowControl(client: ApiClient): Promise<void> {
  await ensure(client, priorityLevelConfigurations, suggestedLevels, false);
  await ensure(client, flowSchemas, suggestedSchemas, false);
  await ensure(client, priorityLevelConfigurations, mandatoryLevels, true);
  await ensure(client, flowSchemas, mandatorySchemas, true);
  await removeUnwanted(client, flowSchemas, [...mandatorySchemas, ...suggestedSchemas]);
  await removeUnwanted(client, priorityLevelConfigurations, [...mandatoryLevels, ...suggestedLevels]);
}

async function ensure<T extends Configuration>(
  client: ApiClient,
  resource: Resource<T>,
  objects: readonly T[],
  isMandatory: boolean,
): Promise<void> {
  const present = new Map((await client.list(resource)).items.map((object) => [object.metadata.name, object]));
  for (const wanted of objects) {
    const current = present.get(wanted.metadata.name);
    try {
      if (current === undefined) await client.create(resource, deepCopy(wanted), options);
      else {
        const revised = revise(current, wanted, isMandatory);
        if (revised !== undefined) await client.update(resource, revised, options);
      }
    } catch (error) {
      // Somebody else was faster: it is looked at again in a while.
      if (!isAlreadyExists(error) && !isConflict(error)) throw error;
    }
  }
}

/** What an object should be instead; `undefined`: what it is. */
function revise<T extends Configuration>(current: T, wanted: T, isMandatory: boolean): T | undefined {
  const follows = isMandatory || followsServer(current);
  // An administrator may say how much of the server the exempt level leaves to others.
  const isTheSame = deepEqual(current.spec, wanted.spec) || (hasExempt(current) && isExempt(wanted));
  const isMarked = annotation(current) === follows;
  if (isMarked && (!follows || isTheSame)) return undefined;
  const revised = deepCopy(current);
  if (follows && !isTheSame) revised.spec = deepCopy(wanted.spec);
  revised.metadata.annotations = { ...revised.metadata.annotations, [AUTO_UPDATE]: String(follows) };
  return revised;
}

const hasExempt = ({ spec }: Configuration) => spec !== undefined && 'exempt' in spec && spec.exempt !== undefined;
const isExempt = ({ metadata }: KubeObject) => metadata.name === 'exempt';

/** Without a word about it, one that was never changed follows. */
function followsServer(object: KubeObject): boolean {
  return annotation(object) ?? object.metadata.generation === 1;
}

/** As Go's strconv reads it. */
function annotation({ metadata }: KubeObject): boolean | undefined {
  const value = metadata.annotations?.[AUTO_UPDATE] ?? '';
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value) ? false : undefined;
}

async function removeUnwanted<T extends Configuration>(
  client: ApiClient,
  resource: Resource<T>,
  wanted: readonly T[],
): Promise<void> {
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  for (const object of (await client.list(resource)).items) {
    if (names.has(object.metadata.name) || annotation(object) !== true) continue;
    try {
      await client.delete(resource, undefined, object.metadata.name ?? '');
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
