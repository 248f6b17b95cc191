import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../../../electron/simulator/apiserver/schema';
import {
  definitionOf,
  definitions,
  referredName,
  type Schema,
} from '../../../../electron/simulator/apiserver/schema/document';
import { builtInDefinitions } from '../../../../electron/simulator/apiserver/strategies';
import { Random } from '../../../../electron/simulator/random';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import { type InProcessApi, startApi } from '../../../support/in-process-api';

/** Objects of each kind that are tried. */
const TRIES = 400;

const TEXTS = ['', 'a', 'A b', '1', 'a/b', '10.0.0.1', '1Gi'];

/** Anything that the schema allows, with as little in it as a careless client may send. */
function sparse(schema: Schema | undefined, random: Random, depth: number): unknown {
  const target = schema?.$ref === undefined ? schema : definitions()[referredName(schema.$ref)];
  if (target === undefined) return {};
  switch (target.type) {
    case 'object': {
      if (target.additionalProperties !== undefined) {
        return random.next() < 0.5
          ? {}
          : { [random.pick(TEXTS)]: sparse(target.additionalProperties, random, depth - 1) };
      }
      const all = Object.entries(target.properties ?? {});
      const kept = all.filter(() => depth > 0 && random.next() < 0.35);
      return Object.fromEntries(kept.map(([name, property]) => [name, sparse(property, random, depth - 1)]));
    }
    case 'array':
      return Array.from({ length: depth > 0 ? random.integer(0, 3) : 0 }, () =>
        sparse(target.items, random, depth - 1),
      );
    case 'string':
      return target.format === 'date-time' ? '2026-01-01T00:00:00Z' : random.pick(TEXTS);
    case 'integer':
    case 'number':
      return random.pick([-1, 0, 1, 7]);
    case 'boolean':
      return random.next() < 0.5;
    default:
      return random.pick<unknown>([null, 1, 'a', {}]);
  }
}

describe('what careless clients send', () => {
  let api: InProcessApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  it.each(
    builtInDefinitions.map(({ resource }) => [`${resource.kind} of ${apiVersionOf(resource)}`, resource] as const),
  )('is taken or refused, and never breaks the server: %s', async (_, resource) => {
    const random = new Random(7);
    const faults: string[] = [];
    const name = definitionOf(resource);
    const schema = name === undefined ? undefined : definitions()[name];
    for (let index = 0; index < TRIES; index++) {
      const body = index === 0 ? {} : (sparse(schema, random, 7) as Record<string, unknown>);
      const sent = {
        ...body,
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        metadata: { name: `x${index}` },
      };
      try {
        const object = decode(resource, structuredClone(sent)).object as unknown as KubeObject;
        if (resource.namespaced) object.metadata.namespace = 'default';
        const made = await api.admin.create(resource, object, { dryRun: true });
        // What was answered can be sent.
        await api.admin.create(resource, structuredClone(made), { dryRun: true });
      } catch (error) {
        const answered = error instanceof StatusError && error.code < 500;
        if (!answered) faults.push(`${String(error)} of ${JSON.stringify(sent)}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
