import { expect, it } from 'vitest';
import { openApiV2 } from '../../../../../electron/simulator/apiserver/openapi/v2';
import { encodeOpenApiV2 } from '../../../../../electron/simulator/apiserver/protobuf/openapi-v2';
import { builtInDefinitions } from '../../../../../electron/simulator/apiserver/strategies';

type Message = Map<number, (Buffer | number)[]>;

/** Reads the wire format, and knows nothing of what the fields are. */
function read(bytes: Uint8Array): Message {
  const buffer = Buffer.from(bytes);
  const result: Message = new Map();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = buffer.readUInt8(at++);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < buffer.length) {
    const tag = varint();
    const field = tag >> 3;
    const length = varint();
    const isBytes = (tag & 7) === 2;
    result.set(field, [...(result.get(field) ?? []), isBytes ? buffer.subarray(at, at + length) : length]);
    if (isBytes) at += length;
  }
  return result;
}

function follow(bytes: Uint8Array, ...path: number[]): Buffer {
  let current: Buffer = Buffer.from(bytes);
  for (const field of path) {
    const value = read(current).get(field)?.[0];
    if (!Buffer.isBuffer(value)) throw new Error(`no field ${field}`);
    current = value;
  }
  return current;
}

/** The value of an entry of a map, which is a list of names and values. */
function entry(map: Buffer, field: number, name: string): Buffer {
  for (const item of read(map).get(field) ?? []) {
    if (Buffer.isBuffer(item) && follow(item, 1).toString() === name) return follow(item, 2);
  }
  throw new Error(`no entry ${name}`);
}

const document = encodeOpenApiV2(openApiV2(builtInDefinitions));

it('says what it is', () => {
  expect(follow(document, 1).toString()).toBe('2.0');
  expect(follow(document, 2, 1).toString()).toBe('Kubernetes');
});

it('has the schemas, with what they refer to and upstream adds to them', () => {
  const definitions = follow(document, 9);
  const port = entry(definitions, 1, 'io.k8s.api.core.v1.ContainerPort');
  expect(follow(port, 19).toString()).toBe('containerPort');
  expect(follow(entry(follow(port, 25), 1, 'protocol'), 20, 2).toString()).toBe('"SCTP"\n');
  const spec = follow(entry(definitions, 1, 'io.k8s.api.core.v1.PodSpec'), 25);
  const containers = entry(spec, 1, 'containers');
  expect(follow(containers, 22, 1).toString()).toBe('array');
  expect(follow(containers, 23, 1, 1).toString()).toBe('#/definitions/io.k8s.api.core.v1.Container');
  const extensions = (read(containers).get(31) ?? []).map((item) =>
    Buffer.isBuffer(item) ? follow(item, 1).toString() : '',
  );
  expect(extensions).toContain('x-kubernetes-patch-merge-key');
});

it('has the operations, with their parameters', () => {
  const path = entry(follow(document, 8), 2, '/api/v1/namespaces/{namespace}/pods/{name}');
  const patch = follow(path, 8);
  expect(follow(patch, 5).toString()).toBe('patchCoreV1NamespacedPod');
  // Of a ParametersItem: a Parameter, NonBodyParameter, QueryParameterSubSchema, name; or a JsonReference.
  const names = (read(patch).get(8) ?? []).flatMap((item) => {
    if (!Buffer.isBuffer(item)) return [];
    if (!read(item).has(1)) return [follow(item, 2, 1).toString()];
    const other = read(follow(item, 1)).get(2)?.[0];
    return Buffer.isBuffer(other) ? [follow(other, 3, 4).toString()] : [];
  });
  expect(names).toContain('fieldValidation');
  const force = names.find((name) => name.startsWith('#/parameters/force-')) ?? '';
  const shared = entry(follow(document, 10), 1, force.slice('#/parameters/'.length));
  expect(follow(shared, 2, 3, 4).toString()).toBe('force');
});

it('tells how requests say who they are from', () => {
  expect(follow(entry(follow(document, 13), 1, 'BearerToken'), 2, 2).toString()).toBe('authorization');
});
