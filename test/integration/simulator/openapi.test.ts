import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../conformance/player';
import { folder } from '../../conformance/steps';
import { ours, upstream } from '../../conformance/targets';

/**
 * The OpenAPI documents, beside those of a kube-apiserver v1.35.4: every path, operation, parameter, media type and schema, by
 * upstream's names; what they say to people is our own. With UPSTREAM_KUBECONFIG set that server's are recorded anew.
 */

const recordFrom = process.env.UPSTREAM_KUBECONFIG;
const FILE = join(folder, 'recorded-openapi.json');
/** What upstream has none of, or only with another server or by a flag. */
const OURS_ALONE = ['simulator.porthole.dev', 'metrics.k8s.io', 'admissionregistration.k8s.io/v1beta1'];

/** A kind with everything that its documents may tell. */
const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.openapi.example.com' },
  spec: {
    group: 'openapi.example.com',
    names: { kind: 'Widget', plural: 'widgets' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        selectableFields: [{ jsonPath: '.spec.color' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer', default: 1 },
                  color: { type: 'string' },
                  size: { type: 'string', nullable: true },
                  port: { 'x-kubernetes-int-or-string': true },
                  more: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
              status: { type: 'object', properties: { replicas: { type: 'integer' } } },
            },
          },
        },
      },
    ],
  },
};
const GEARS = {
  ...WIDGETS,
  metadata: { name: 'gears.openapi.example.com' },
  spec: {
    group: 'openapi.example.com',
    names: { kind: 'Gear', plural: 'gears' },
    scope: 'Cluster',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

type Json = { [key: string]: unknown };

function ask(target: Target, method: string, path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { ...target.identity('admin'), 'content-type': 'application/json' };
    const outgoing = request(
      `${target.url}${path}`,
      { method, headers, ...target.tls, rejectUnauthorized: false },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve(Buffer.concat(chunks).toString());
      },
    );
    outgoing.on('error', reject).end(body && JSON.stringify(body));
  });
}

/** Asks until the document knows the custom resources: upstream takes some seconds. */
async function documents(target: Target): Promise<{ v2: Json; v3: Map<string, Json> }> {
  for (const definition of [WIDGETS, GEARS]) {
    await ask(target, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  }
  const knowing = async (path: string): Promise<string> => {
    for (;;) {
      const text = await ask(target, 'GET', path);
      if (text.includes('v1.Widget') && text.includes('v1.Gear')) return text;
    }
  };
  const text = await knowing('/openapi/v2');
  await knowing('/openapi/v3/apis/openapi.example.com/v1');
  const { paths } = JSON.parse(await ask(target, 'GET', '/openapi/v3'));
  const v3 = new Map<string, Json>();
  for (const [name, { serverRelativeURL }] of Object.entries<{ serverRelativeURL: string }>(paths)) {
    if (isUpstreams(name)) v3.set(name, JSON.parse(await ask(target, 'GET', serverRelativeURL)));
  }
  for (const { metadata } of [WIDGETS, GEARS]) {
    await ask(target, 'DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`);
  }
  return { v2: JSON.parse(text), v3 };
}

const isUpstreams = (text: string) => !OURS_ALONE.some((name) => text.includes(name));

/**
 * In one form whoever wrote it: without what is said to people, references alone, parameters in their places. Members go by
 * their names' order.
 */
function plain(value: unknown, shared: Json = {}): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, shared));
  if (typeof value !== 'object' || value === null) return value;
  const { description, ...rest } = value as Json;
  const members: Json = typeof description === 'object' ? { ...rest, description } : rest;
  const { $ref, allOf } = members;
  const parameter = typeof $ref === 'string' && /^#\/parameters\/(.+)$/.exec($ref)?.[1];
  if (parameter) return plain(shared[parameter], shared);
  if (Array.isArray(allOf) && allOf.length === 1 && Object.keys(members).length === 1) return plain(allOf[0], shared);
  const inOrder = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(inOrder.map(([key, item]) => [key, plain(item, shared)]));
}

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);

/** `METHOD PATH ID`, and hashes of all that is said of it, of one document. */
function operations({ paths, parameters }: Json): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const [path, item] of Object.entries(paths as Record<string, Json>)) {
    if (!isUpstreams(path)) continue;
    const { parameters: common, ...methods } = plain(item, parameters as Json) as Json;
    for (const [method, operation] of Object.entries(methods)) {
      lines[`${method} ${path}`] = `${(operation as Json).operationId} ${hashOf([common, operation])}`;
    }
  }
  return lines;
}

function schemas(document: Json): Record<string, string> {
  const { schemas: own = {} } = (document.components ?? { schemas: document.definitions }) as { schemas?: Json };
  const lines = Object.entries(own).map(([name, schema]) => [name, hashOf(plain(schema))] as const);
  return Object.fromEntries(lines.filter(([name]) => !/\.v1(alpha|beta)\d\./.test(name)).sort());
}

/** All that is compared. */
function summary({ v2, v3 }: Awaited<ReturnType<typeof documents>>) {
  const { paths: _, definitions: __, parameters: ___, ...rest } = v2;
  return {
    v2: { about: plain(rest), operations: operations(v2), schemas: schemas(v2) },
    v3: Object.fromEntries([...v3].map(([name, document]) => [name, aboutDocument(document)])),
  };
}

function aboutDocument(document: Json) {
  const { securitySchemes } = document.components as Json;
  const { openapi, info } = document;
  const own = schemas(document);
  // Upstream's server of custom resources knows fewer groups that this may be of.
  if (securitySchemes === undefined) delete own['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions'];
  return {
    about: plain({ openapi, info, ...(securitySchemes === undefined ? {} : { securitySchemes }) }),
    operations: hashOf(operations(document)),
    schemas: `${Object.keys(own).length} ${hashOf(own)}`,
  };
}

let found: ReturnType<typeof summary>;
let recorded: ReturnType<typeof summary>;

beforeAll(async () => {
  if (recordFrom !== undefined) {
    found = summary(await documents(upstream(recordFrom)));
    writeFileSync(FILE, `${JSON.stringify(found, null, 1)}\n`);
  } else {
    const { target, stop } = await ours();
    found = summary(await documents(target));
    await stop();
  }
  recorded = JSON.parse(readFileSync(FILE, 'utf8'));
});

describe('OpenAPI v2', () => {
  it('says of itself what upstream does', () => {
    expect(found.v2.about).toEqual(recorded.v2.about);
  });

  it('has the operations of upstream, with all that they take and give', () => {
    expect(Object.keys(recorded.v2.operations).length).toBeGreaterThan(800);
    expect(found.v2.operations).toEqual(recorded.v2.operations);
  });

  it('has the schemas of upstream', () => {
    expect(Object.keys(recorded.v2.schemas).length).toBeGreaterThan(550);
    expect(found.v2.schemas).toEqual(recorded.v2.schemas);
  });
});

describe('OpenAPI v3', () => {
  it('has the documents of upstream', () => {
    expect(Object.keys(found.v3)).toEqual(Object.keys(recorded.v3));
    expect(Object.keys(recorded.v3).length).toBeGreaterThan(45);
  });

  it('says in each what upstream does', () => {
    expect(found.v3).toEqual(recorded.v3);
  });
});
