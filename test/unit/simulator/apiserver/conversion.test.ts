import { describe, expect, it } from 'vitest';
import { restoredMetadata } from '../../../../electron/simulator/apiserver/custom-resources/conversion/metadata';
import { Conversion } from '../../../../electron/simulator/apiserver/registry/conversion';
import { memoryBackend } from '../../../../electron/simulator/apiserver/storage/memory-backend';
import { Store } from '../../../../electron/simulator/apiserver/storage/store';
import type { KubeObject } from '../../../../shared/kubernetes/objects';

const route = (name: string): KubeObject => ({ apiVersion: 'example.com/v1', kind: 'Route', metadata: { name } });

function conversion() {
  const asked: string[] = [];
  const table = new Store(memoryBackend(), { error() {}, warn() {}, info() {} } as never).table(
    'example.com',
    'routes',
  );
  const to = (apiVersion: string) => async (object: KubeObject) => {
    asked.push(`${object.metadata.name} as ${apiVersion}`);
    if (object.metadata.name === 'broken') throw new Error('nobody converts');
    return { ...object, apiVersion };
  };
  const of = { fromStorage: to('v2'), toStorage: to('v1') };
  return { asked, table, conversion: new Conversion(table, of, { apiVersion: 'example.com/v2', kind: 'Route' }) };
}

describe('what a webhook converts', () => {
  it('is asked for anew for each object, but once for lists', async () => {
    const { asked, table, conversion: c } = conversion();
    const a = table.put('a', route('a'));
    await c.ready();
    await c.ready();
    expect(asked).toEqual(['a as v2']);
    await c.fetch('a');
    expect(asked).toHaveLength(2);
    expect(c.present(a).object.apiVersion).toBe('v2');
  });

  it('is not asked for again when it goes', async () => {
    const { asked, table, conversion: c } = conversion();
    const previous = table.put('a', route('a'));
    await c.ready();
    const gone = table.remove('a');
    if (gone === undefined) throw new Error('it was there');
    c.depart(previous, gone);
    expect(c.present(gone).object.metadata.resourceVersion).toBe(String(gone.revision));
    expect(asked).toHaveLength(1);
  });

  it('lets nothing be listed while a part of it cannot be had', async () => {
    const { table, conversion: c } = conversion();
    table.put('broken', route('broken'));
    await expect(c.ready()).rejects.toMatchObject({
      status: {
        code: 429,
        message: expect.stringContaining('failed to list example.com/v2, Kind=Route: nobody converts'),
      },
    });
  });
});

describe('metadata that comes back', () => {
  it('is as it was, but for labels and annotations', () => {
    const before = { ...route('a'), metadata: { name: 'a', finalizers: ['x'], labels: { a: 'b' } } };
    const given = { metadata: { name: 'other', finalizers: ['y'], annotations: { c: 'd' } } };
    expect(restoredMetadata(before, given)).toEqual({ name: 'a', finalizers: ['x'], annotations: { c: 'd' } });
  });
});
