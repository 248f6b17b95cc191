import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../../../../electron/simulator/apiserver/managed-fields/apply';
import { ManagedFields } from '../../../../../electron/simulator/apiserver/managed-fields/managed-fields';
import { managerOfUserAgent } from '../../../../../electron/simulator/apiserver/managed-fields/manager';
import type { StatusError } from '../../../../../shared/kubernetes/status-error';
import { History, type Thing, thing, type } from './support';

const failing = (run: () => unknown): StatusError => {
  try {
    run();
  } catch (error) {
    return error as StatusError;
  }
  throw new Error('it did not fail');
};

describe('updates', () => {
  it('own all that they bring, containers and all, but not what the server owns', () => {
    const spec = { size: '1', atoms: ['a'], tags: ['t'], items: [{ name: 'x', image: 'i' }], deep: {} };
    const { fields } = new History().update('me', thing(spec, { app: 'web' }));
    expect(fields).toEqual({
      'me Update': {
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
        'f:spec': {
          '.': {},
          'f:size': {},
          'f:atoms': {},
          'f:deep': {},
          'f:tags': { '.': {}, 'v:"t"': {} },
          'f:items': { '.': {}, 'k:{"name":"x"}': { '.': {}, 'f:name': {}, 'f:image': {} } },
        },
      },
    });
  });

  it('take what they change, and leave the rest to whoever has it', () => {
    const history = new History().update('one', thing({ size: '1', deep: { one: 'a' } }));
    history.update('two', thing({ size: '2', deep: { one: 'a' } }));
    expect(history.fields).toEqual({
      'one Update': { 'f:spec': { '.': {}, 'f:deep': { '.': {}, 'f:one': {} } } },
      'two Update': { 'f:spec': { 'f:size': {} } },
    });
    history.update('two', thing({ size: '2' }));
    expect(history.fields).toEqual({
      'one Update': { 'f:spec': {} },
      'two Update': { 'f:spec': { 'f:size': {} } },
    });
  });

  it('keep the time of who takes nothing', () => {
    const history = new History().update('one', thing({ size: '1' }, { a: 'b' }));
    history.update('one', thing({ size: '1' }));
    expect(history.managed.entries.map(({ time }) => time)).toEqual(['2026-01-01T00:00:00Z']);
    history.update('one', thing({ size: '2' }));
    expect(history.managed.entries.map(({ time }) => time)).toEqual(['2026-01-01T00:00:02Z']);
  });

  it('put the oldest of more than ten updaters together', () => {
    const history = new History();
    const labels: Record<string, string> = {};
    for (let i = 0; i < 13; i++) {
      labels[`l${i}`] = 'x';
      history.update(`u${i}`, thing(undefined, { ...labels }));
    }
    const names = history.managed.entries.map(({ manager }) => manager.name);
    expect(names).toHaveLength(10);
    expect(names[0]).toBe('ancient-changes');
    expect(history.fields['ancient-changes Update']).toEqual({
      'f:metadata': { 'f:labels': { '.': {}, 'f:l0': {}, 'f:l1': {}, 'f:l2': {}, 'f:l3': {} } },
    });
  });
});

describe('applies', () => {
  it('own what they say, and no more', () => {
    const { fields } = new History().apply(
      'me',
      thing({ items: [{ name: 'x', env: { A: '1' } }], deep: { one: '1' } }),
    );
    expect(fields).toEqual({
      'me Apply': {
        'f:spec': {
          'f:deep': { 'f:one': {} },
          'f:items': { 'k:{"name":"x"}': { '.': {}, 'f:name': {}, 'f:env': { 'f:A': {} } } },
        },
      },
    });
  });

  it('remove what they no longer say, unless another says it too', () => {
    const history = new History().apply('one', thing({ size: '1', tags: ['a', 'b'], whole: { x: '1' } }));
    history.apply('two', thing({ tags: ['b'] }));
    history.apply('one', thing({ size: '1' }));
    expect(history.spec).toEqual({ size: '1', tags: ['b'] });
  });

  it('leave alone what nobody applied', () => {
    const history = new History().update('editor', thing({ size: '1', deep: { one: '1' } }));
    history.apply('me', thing({ deep: { two: '2' } })).apply('me', thing({}));
    expect(history.spec).toEqual({ size: '1', deep: { one: '1' } });
  });

  it('remove an item with all that others put into it', () => {
    const history = new History().apply('one', thing({ items: [{ name: 'x' }, { name: 'y' }] }));
    history.update('two', thing({ items: [{ name: 'x', image: 'i' }, { name: 'y' }] }));
    history.apply('one', thing({ items: [{ name: 'y' }] }));
    expect(history.spec).toEqual({ items: [{ name: 'y' }] });
    expect(history.fields['two Update']).toBeUndefined();
  });

  it('share what they agree on', () => {
    const history = new History().apply('one', thing({ size: '1' })).apply('two', thing({ size: '1' }));
    // The second changes nothing, so that it has no time, and comes first.
    expect(Object.keys(history.fields)).toEqual(['two Apply', 'one Apply']);
    history.apply('one', thing({}));
    expect(history.spec).toEqual({ size: '1' });
  });

  it('keep the order of a list in which both have items', () => {
    const history = new History().update('editor', thing({ items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }));
    history.apply('me', thing({ items: [{ name: 'c' }, { name: 'new' }, { name: 'a' }] }));
    expect(history.spec).toEqual({ items: [{ name: 'b' }, { name: 'c' }, { name: 'new' }, { name: 'a' }] });
  });
});

describe('conflicts', () => {
  it('name a single field in one line', () => {
    const history = new History().update('editor', thing({ items: [{ name: 'x', image: 'i' }] }));
    const error = failing(() => history.apply('me', thing({ items: [{ name: 'x', image: 'j' }] })));
    expect(error.status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "editor" using v1: .spec.items[name="x"].image',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "editor" using v1',
            field: '.spec.items[name="x"].image',
          },
        ],
      },
    });
  });

  it('list several by their managers', () => {
    const history = new History().apply('b', thing({ size: '1', deep: { one: '1' } })).apply('a', thing({ size: '1' }));
    const error = failing(() => history.apply('me', thing({ size: '2', deep: { one: '2' } })));
    expect(error.message).toBe(
      'Apply failed with 3 conflicts: conflicts with "a":\n- .spec.size\nconflicts with "b":\n- .spec.size\n- .spec.deep.one',
    );
  });

  it('go to who forces', () => {
    const history = new History().update('editor', thing({ size: '1' })).apply('me', thing({ size: '2' }), true);
    expect(history.spec).toEqual({ size: '2' });
    expect(history.fields).toEqual({ 'me Apply': { 'f:spec': { 'f:size': {} } }, 'editor Update': { 'f:spec': {} } });
  });

  it('do not arise from what kubectl applied on the client side and nobody changed since', () => {
    const last = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(thing({ size: '1' })) };
    const live = { ...thing({ size: '1' }), metadata: { name: 'a', annotations: last } };
    const history = new History().update('kubectl-client-side-apply', live);
    expect(failing(() => history.apply('other', thing({ size: '2' }))).status.code).toBe(409);
    history.apply('kubectl', thing({ size: '2' }));
    expect(history.spec).toEqual({ size: '2' });
    expect(history.object.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']).toContain(
      '"size":"2"',
    );
  });
});

it.each<[string, Thing, string]>([
  ['a field that is not there', thing({ foo: '1' }), '.spec.foo: field not declared in schema'],
  [
    'an item twice',
    thing({ items: [{ name: 'x' }, { name: 'x' }] }),
    '.spec.items: duplicate entries for key [name="x"]',
  ],
  ['a value twice', thing({ tags: ['x', 'x'] }), '.spec.tags: duplicate entries for key [="x"]'],
  [
    'an item without its key',
    thing({ items: [{ image: 'x' }] }),
    '.spec.items: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
  ],
])('refuses %s in a configuration', (_, configuration, problem) => {
  expect(failing(() => checkConfiguration(configuration, type)).message).toBe(
    `failed to create typed patch object (/a; /v1, Kind=Thing): ${problem}`,
  );
});

it('refuses managed fields in a configuration', () => {
  const configuration = { ...thing({}), metadata: { name: 'a', managedFields: [] } };
  expect(failing(() => checkConfiguration(configuration, type)).message).toBe('metadata.managedFields must be nil');
});

it('writes entries as upstream does, and reads them back', () => {
  const { managed } = new History().update('me', thing({ size: '1' })).apply('you', thing({ tags: ['x'] }));
  expect(managed.json).toBe(
    '[{"manager":"you","operation":"Apply","apiVersion":"v1","time":"2026-01-01T00:00:01Z","fieldsType":"FieldsV1",' +
      '"fieldsV1":{"f:spec":{"f:tags":{"v:\\"x\\"":{}}}}},{"manager":"me","operation":"Update","apiVersion":"v1",' +
      '"time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{".":{},"f:size":{}}}}]',
  );
  const read = ManagedFields.decode(JSON.parse(managed.json ?? ''));
  expect(read?.json).toBe(managed.json);
  expect(ManagedFields.decode([{ manager: 'me', operation: 'Patch', apiVersion: 'v1', fieldsV1: {} }])).toBeUndefined();
});

it.each([
  ['kubectl/v1.35.2 (linux/amd64) kubernetes/abc', 'kubectl'],
  ['my\u0007agent', 'myagent'],
  [undefined, 'unknown'],
])('takes %s for the manager %s', (agent, name) => {
  expect(managerOfUserAgent(agent)).toBe(name);
});
