import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../../../electron/simulator/apiserver/protobuf/decode';
import { encodeProtobuf } from '../../../../../electron/simulator/apiserver/protobuf/encode';

describe('encodeProtobuf', () => {
  it('puts the verbs of a resource into a message of their own, as Go reads them', () => {
    const verbs = ['get', 'list'];
    const resources = [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs, shortNames: ['po'] }];
    const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'v1', resources };
    const bytes = Buffer.from(encodeProtobuf(list) ?? []);
    // 4: a message of 11 bytes with two texts, each as field 1.
    expect(bytes.includes(Buffer.from('\x22\x0b\x0a\x03get\x0a\x04list'))).toBe(true);
    expect(decodeProtobuf(bytes)).toEqual(list);
  });

  it('knows the documents of discovery that are of no version', () => {
    const versions = { kind: 'APIVersions', versions: ['v1'] };
    const bytes = encodeProtobuf(versions);
    expect(bytes && decodeProtobuf(Buffer.from(bytes))).toEqual({ apiVersion: '', ...versions });
  });
});
