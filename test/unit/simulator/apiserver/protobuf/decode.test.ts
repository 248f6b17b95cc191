import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../../../electron/simulator/apiserver/protobuf/decode';
import { Random } from '../../../../../electron/simulator/random';

/** A field of bytes: text, or what other fields make up. */
function bytes(number: number, content: string | Buffer[]): Buffer {
  const body = typeof content === 'string' ? Buffer.from(content) : Buffer.concat(content);
  return Buffer.concat([Buffer.from([...varint(BigInt((number << 3) | 2)), ...varint(BigInt(body.length))]), body]);
}

function int(number: number, value: number): Buffer {
  return Buffer.from([...varint(BigInt(number << 3)), ...varint(BigInt.asUintN(64, BigInt(value)))]);
}

function varint(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  return value < 0x80n ? [low] : [low | 0x80, ...varint(value >> 7n)];
}

/** As Go clients send an object. */
function envelope(apiVersion: string, kind: string, ...fields: Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('k8s\0'),
    bytes(1, [bytes(1, apiVersion), bytes(2, kind)]),
    bytes(2, fields),
    bytes(3, ''),
    bytes(4, ''),
  ]);
}

const metadata = (name: string) => bytes(1, [bytes(1, name), bytes(2, ''), bytes(3, ''), int(7, 0), bytes(8, [])]);

describe('decodeProtobuf', () => {
  it('leaves out what JSON leaves out', () => {
    expect(
      decodeProtobuf(envelope('v1', 'Namespace', metadata('demo'), bytes(2, []), bytes(3, [bytes(1, '')]))),
    ).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'demo' },
      spec: {},
      status: {},
    });
  });

  it('keeps a zero that was said, and reads maps, quantities and times', () => {
    const template = bytes(3, [
      bytes(1, [bytes(11, [bytes(1, 'app'), bytes(2, 'web')])]),
      bytes(2, [
        bytes(2, [
          bytes(1, 'nginx'),
          bytes(2, 'nginx:1.27'),
          bytes(8, [bytes(1, [bytes(1, 'cpu'), bytes(2, [bytes(1, '250m')])])]),
        ]),
      ]),
    ]);
    const created = bytes(1, [bytes(1, 'web'), bytes(8, [int(1, 1_767_225_600)])]);
    expect(decodeProtobuf(envelope('apps/v1', 'Deployment', created, bytes(2, [int(1, 0), template])))).toMatchObject({
      metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: {
        replicas: 0,
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', resources: { limits: { cpu: '250m' } } }] },
        },
      },
    });
  });

  it('puts embedded messages where JSON has them, and reads numbers or names of ports', () => {
    const volume = bytes(1, [bytes(1, 'data'), bytes(2, [bytes(2, [])])]);
    expect(decodeProtobuf(envelope('v1', 'Pod', metadata('p'), bytes(2, [volume])))).toMatchObject({
      spec: { volumes: [{ name: 'data', emptyDir: {} }] },
    });
    const port = (target: Buffer[]) => bytes(1, [int(3, 80), bytes(4, target)]);
    const spec = bytes(2, [port([int(1, 0), int(2, 8080)]), port([int(1, 1), int(2, 0), bytes(3, 'http')])]);
    expect(decodeProtobuf(envelope('v1', 'Service', metadata('s'), spec))).toMatchObject({
      spec: {
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 80, targetPort: 'http' },
        ],
      },
    });
  });

  it('reads negative and large numbers', () => {
    const decoded = decodeProtobuf(envelope('scheduling.k8s.io/v1', 'PriorityClass', metadata('p'), int(2, -5)));
    expect(decoded).toMatchObject({ value: -5 });
  });

  it('skips fields that it does not know', () => {
    expect(decodeProtobuf(envelope('v1', 'Namespace', metadata('n'), bytes(99, 'new'), int(98, 7)))).toMatchObject({
      metadata: { name: 'n' },
    });
  });

  it('says when it does not know the kind', () => {
    expect(decodeProtobuf(envelope('example.com/v1', 'Widget'))).toBeUndefined();
  });

  it('ends on every input, well-formed or not', () => {
    expect(() => decodeProtobuf(Buffer.from('{"kind":"Pod"}'))).toThrow('does not appear to be a protobuf message');
    const whole = envelope('apps/v1', 'Deployment', metadata('web'), bytes(2, [int(1, 3)]));
    const random = new Random(1);
    for (let n = 0; n < 2000; n++) {
      const broken = Buffer.from(whole.subarray(0, random.integer(4, whole.length)));
      for (let flips = random.integer(0, 4); flips > 0; flips--) {
        broken[random.integer(4, broken.length + 1)] = random.integer(0, 256);
      }
      try {
        decodeProtobuf(broken);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).message.length).toBeLessThan(200);
      }
    }
  });
});
