import { expect, it } from 'vitest';
import { ManagedFields } from '../../../../../electron/simulator/apiserver/managed-fields/managed-fields';
import { Stored } from '../../../../../electron/simulator/apiserver/storage/stored';
import type { ConfigMap } from '../../../../../shared/kubernetes/objects';

const entry = {
  manager: 'me',
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': {} },
};

it('keeps who manages an object beside it, and writes that into it', () => {
  const managed = ManagedFields.decode([entry]) ?? ManagedFields.none;
  const object: ConfigMap = { data: { a: '1' }, metadata: { name: 'a' }, kind: 'ConfigMap', apiVersion: 'v1' };
  const stored = Stored.of('default/a', 5, object, managed);
  expect(stored.json).toBe(
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"5","managedFields":' +
      '[{"manager":"me","operation":"Apply","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{}}}]},' +
      '"data":{"a":"1"}}',
  );
  expect(stored.object.metadata).toEqual({ name: 'a', resourceVersion: '5' });

  const read = Stored.encoded('default/a', 5, stored.json);
  expect(read.object).toEqual(stored.object);
  expect(read.managed.json).toBe(managed.json);
  expect(read.at(6).json).toBe(stored.json.replace('"5"', '"6"'));
  expect(read.whole.metadata.managedFields).toEqual([entry]);
});

it('writes an object without managers, and without anything besides its metadata', () => {
  const object: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const text = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"1"}}';
  expect(Stored.of('default/a', 1, object, ManagedFields.none).json).toBe(text);
});
