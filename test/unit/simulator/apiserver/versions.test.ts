import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convertedStrategy } from '../../../../electron/simulator/apiserver/registry/converted-strategy';
import {
  anyDefinition,
  type ResourceDefinition,
  type StorageConversion,
} from '../../../../electron/simulator/apiserver/registry/definition';
import type { WatchEvent } from '../../../../electron/simulator/client';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { type TestApiServer, testApiServer } from '../../../support/api-server';

interface Widget extends KubeObject {
  spec?: { size: number };
}

/** The same, with the size in words. */
interface WordyWidget extends KubeObject {
  spec?: { size: string };
}

const handle = { group: 'example.com', resource: 'widgets', kind: 'Widget', namespaced: true };
const numbers: Resource<Widget> = { ...handle, version: 'v2' };
const words: Resource<WordyWidget> = { ...handle, version: 'v1' };
const WORDS = ['none', 'small', 'large', 'huge'];

const plain = {
  singular: 'widget',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: { columns: [], cells: () => [] },
};

const numberDefinition: ResourceDefinition<Widget> = {
  ...plain,
  resource: numbers,
  strategy: {
    prepareForCreate(widget) {
      widget.spec ??= { size: 1 };
    },
    validate: ({ spec }) =>
      spec !== undefined && spec.size > 2
        ? [{ type: 'FieldValueInvalid', field: 'spec.size', message: 'Invalid value: too large' }]
        : [],
  },
};

const storage: StorageConversion<WordyWidget> = {
  resource: numbers,
  fromStorage(stored: Widget) {
    const { spec, ...rest } = stored;
    return { ...rest, apiVersion: 'example.com/v1', ...(spec && { spec: { size: WORDS[spec.size] ?? '' } }) };
  },
  toStorage({ spec, ...rest }) {
    const widget: Widget = { ...rest, apiVersion: 'example.com/v2' };
    if (spec !== undefined) widget.spec = { size: WORDS.indexOf(spec.size) };
    return widget;
  },
};

const wordDefinition: ResourceDefinition<WordyWidget> = {
  ...plain,
  resource: words,
  storage,
  strategy: convertedStrategy(numberDefinition.strategy, storage),
};

let api: TestApiServer;

beforeEach(() => {
  api = testApiServer({ definitions: [anyDefinition(numberDefinition), anyDefinition(wordDefinition)] });
});

afterEach(() => api.server.close());

const metadata = { name: 'a', namespace: 'default' };

describe('two versions of one resource', () => {
  it('are one object', async () => {
    await api.client.create(numbers, { metadata, spec: { size: 2 } });
    expect(await api.client.get(words, 'default', 'a')).toMatchObject({
      apiVersion: 'example.com/v1',
      spec: { size: 'large' },
    });
    const word = await api.client.get(words, 'default', 'a');
    await api.client.update(words, { ...word, spec: { size: 'small' } });
    expect(await api.client.get(numbers, 'default', 'a')).toMatchObject({
      apiVersion: 'example.com/v2',
      spec: { size: 1 },
    });
    const { items } = await api.client.list(words);
    expect(items.map(({ spec }) => spec?.size)).toEqual(['small']);
  });

  it('share their strategy', async () => {
    expect(await api.client.create(words, { metadata })).toMatchObject({ spec: { size: 'small' } });
    await expect(
      api.client.create(words, { metadata: { name: 'b', namespace: 'default' }, spec: { size: 'huge' } }),
    ).rejects.toThrow('Widget.example.com "b" is invalid: spec.size: Invalid value: too large');
  });

  it('are watched each in its own words', async () => {
    const seen: WatchEvent<WordyWidget>[] = [];
    const watch = api.client.watch(words, {}, (event) => seen.push(event));
    await api.client.create(numbers, { metadata, spec: { size: 2 } });
    await api.client.delete(numbers, 'default', 'a');
    await api.clock.settle();
    watch.stop();
    expect(seen.map(({ type, object }) => [type, 'spec' in object && object.spec?.size])).toEqual([
      ['ADDED', 'large'],
      ['DELETED', 'large'],
    ]);
  });

  it('come and go while the server runs, and keep what is stored', async () => {
    await api.client.create(numbers, { metadata, spec: { size: 2 } });
    api.server.withdraw([wordDefinition]);
    await expect(api.client.get(words, 'default', 'a')).rejects.toThrow(
      'the server could not find the requested resource',
    );
    api.server.serve([anyDefinition(wordDefinition)]);
    expect(await api.client.get(words, 'default', 'a')).toMatchObject({ spec: { size: 'large' } });
  });
});
