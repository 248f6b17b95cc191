import type { ResourceQuota } from '../../../../shared/kubernetes/objects';
import { compareQuantities } from '../../../../shared/kubernetes/quantities';
import { resourceQuotas } from '../../../../shared/kubernetes/resources';
import { isConflict, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { Evaluator } from '../../quota/evaluator';
import { evaluatorFor, isInScopes, scopesOf } from '../../quota/evaluators';
import { add, equal, listText, mask, type ResourceList, subtract } from '../../quota/resource-list';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';

/** How often a charge is tried anew when somebody else wrote or deleted a quota meanwhile. */
const RETRIES = 3;

/**
 * Refuses what would use more than a namespace's quotas allow, and charges them for the rest
 * (staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota). What is deleted, or fails to be written after all, the
 * resourcequota controller gives back.
 */
export const resourceQuota: AdmissionPluginFactory = (client, clock) => {
  const turns = new Turns();
  return {
    name: 'ResourceQuota',
    async validate(request) {
      const { attributes } = request;
      const { namespace } = attributes;
      if (namespace === '' || (attributes.group === '' && attributes.resource === 'namespaces')) return;
      if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return;
      const evaluator = evaluatorFor(attributes);
      const { subresource } = attributes;
      if (!evaluator?.handles({ ...request, subresource })) return;
      const { items } = await client.list(resourceQuotas, { namespace });
      if (items.length === 0) return;
      // What is read and what is written is one step: two requests never spend the same rest.
      await turns.take(namespace, () => charge(client, request, evaluator, clock.now()));
    },
  };
};

async function charge(client: ApiClient, request: AdmissionRequest, evaluator: Evaluator, now: number): Promise<void> {
  const charged = new Set<string>();
  for (let retries = RETRIES; ; retries--) {
    const { items } = await client.list(resourceQuotas, { namespace: request.attributes.namespace });
    const pending = items.filter(({ metadata }) => !charged.has(metadata.uid ?? ''));
    const changes = checkQuotas(request, evaluator, pending, now);
    if (request.dryRun) return;
    try {
      for (const { quota, used } of changes) {
        await client.update(
          resourceQuotas,
          { ...quota, status: { ...quota.status, used: { ...used } } },
          { subresource: 'status' },
        );
        charged.add(quota.metadata.uid ?? '');
      }
      return;
    } catch (error) {
      if (retries === 0 || !(isConflict(error) || isNotFound(error))) throw error;
    }
  }
}

interface Charge {
  readonly quota: ResourceQuota;
  /** As it is to become. */
  readonly used: ResourceList;
}

/**
 * What the quotas are to be charged for a write (`CheckRequest`).
 * @throws StatusError 403 when one of them does not have that much left.
 */
function checkQuotas(
  request: AdmissionRequest,
  evaluator: Evaluator,
  quotas: readonly ResourceQuota[],
  now: number,
): Charge[] {
  const { object, oldObject } = request;
  if (object === undefined) return [];
  const concerned = quotas.filter((quota) => {
    const hard = quota.status?.hard ?? {};
    const restricted = evaluator.matching(Object.keys(hard));
    if (restricted.length === 0 || !isInScopes(evaluator, scopesOf(quota), object)) return false;
    const { name } = quota.metadata;
    const missing = evaluator.missing?.(restricted, object);
    if (missing !== undefined) throw forbidden(request, `failed quota: ${name}: ${missing}`);
    if (restricted.some((resource) => quota.status?.used?.[resource] === undefined)) {
      throw forbidden(request, `status unknown for quota: ${name}, resources: ${[...restricted].sort().join(',')}`);
    }
    return true;
  });
  const usage = evaluator.usage(object, now);
  const negative = Object.keys(usage).filter((name) => compareQuantities(usage[name] ?? '0', '0') < 0);
  if (negative.length > 0) {
    throw forbidden(request, `quota usage is negative for resource(s): ${negative.sort().join(',')}`);
  }
  return concerned.flatMap((quota) => {
    const counted = oldObject !== undefined && isInScopes(evaluator, scopesOf(quota), oldObject);
    const used = spent(request, quota, counted ? subtract(usage, evaluator.usage(oldObject, now)) : usage);
    return equal(used, quota.status?.used ?? {}) ? [] : [{ quota, used }];
  });
}

/** @throws StatusError 403 when it is more than the quota has. */
function spent(request: AdmissionRequest, { metadata, status }: ResourceQuota, more: ResourceList): ResourceList {
  const hard = status?.hard ?? {};
  const used = status?.used ?? {};
  const requested = mask(
    more,
    Object.keys(hard).filter((name) => compareQuantities(more[name] ?? '0', '0') !== 0),
  );
  const next = add(used, requested);
  // A status tells what has happened already.
  if (request.attributes.subresource === 'status') return next;
  const exceeded = Object.keys(requested).filter((name) => compareQuantities(next[name] ?? '0', hard[name] ?? '0') > 0);
  if (exceeded.length === 0) return next;
  const [asked, had, limit] = [requested, used, hard].map((list) => listText(mask(list, exceeded)));
  throw forbidden(request, `exceeded quota: ${metadata.name}, requested: ${asked}, used: ${had}, limited: ${limit}`);
}

/** Lets those who name the same thing go one after another. */
class Turns {
  readonly #last = new Map<string, Promise<void>>();

  async take(name: string, action: () => Promise<void>): Promise<void> {
    const before = this.#last.get(name);
    const mine = before === undefined ? action() : before.then(action);
    const over = mine.catch(() => {
      // Whoever asked hears of it; those who wait are not concerned.
    });
    this.#last.set(name, over);
    try {
      await mine;
    } finally {
      if (this.#last.get(name) === over) this.#last.delete(name);
    }
  }
}
