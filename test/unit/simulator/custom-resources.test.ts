import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { garbageCollector } from '../../../electron/simulator/controllers/garbage-collector';
import { namespaceController } from '../../../electron/simulator/controllers/namespace';
import { resourceQuotaController } from '../../../electron/simulator/controllers/resource-quota';
import { findCondition } from '../../../shared/kubernetes/conditions';
import {
  type CustomResourceDefinition,
  customResourceDefinitions,
} from '../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../shared/kubernetes/objects';
import { configMaps, namespaces, type Resource, resourceQuotas } from '../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../support/control-plane';

const GROUP = 'example.com';

const widgets: Resource<KubeObject> = {
  group: GROUP,
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  namespaced: true,
};

function definition(
  plural: string,
  kind: string,
  more: Partial<CustomResourceDefinition['spec']['names']> = {},
): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { plural, kind, ...more },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };
}

describe('custom resources', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([garbageCollector, namespaceController, resourceQuotaController]);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const define = async (made: CustomResourceDefinition) => {
    await cluster.client.create(customResourceDefinitions, made);
    await cluster.advance(100);
    return read(made.metadata.name ?? '');
  };
  const read = (name: string) => cluster.client.get(customResourceDefinitions, undefined, name);
  const make = (name: string, metadata: KubeObject['metadata'] = {}) =>
    cluster.client.create(widgets, {
      apiVersion: `${GROUP}/v1`,
      kind: 'Widget',
      metadata: { name, namespace: 'default', ...metadata },
    });
  const names = async () => (await cluster.client.list(widgets)).items.map(({ metadata }) => metadata.name).sort();

  it('are served once their names are accepted, and say so', async () => {
    const { status } = await define(definition('widgets', 'Widget'));
    expect(status?.acceptedNames).toEqual({
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
    });
    expect(status?.conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['NamesAccepted', 'True', 'NoConflicts'],
      ['Established', 'True', 'InitialNamesAccepted'],
    ]);
    await make('a');
    expect(await names()).toEqual(['a']);
  });

  it('wait for a name that another one has', async () => {
    await define(definition('widgets', 'Widget', { shortNames: ['w'] }));
    const other = await define(definition('wheels', 'Widget', { shortNames: ['w', 'wh'] }));
    expect(findCondition(other.status?.conditions, 'NamesAccepted')).toMatchObject({
      status: 'False',
      reason: 'ListKindConflict',
      message: '"WidgetList" is already in use',
    });
    expect(findCondition(other.status?.conditions, 'Established')).toMatchObject({
      status: 'False',
      reason: 'NotAccepted',
    });
    expect(other.status?.acceptedNames).toEqual({ plural: 'wheels', kind: '' });
    await cluster.client.delete(customResourceDefinitions, undefined, `widgets.${GROUP}`);
    await cluster.advance(100);
    expect(findCondition((await read(`wheels.${GROUP}`)).status?.conditions, 'Established')).toMatchObject({
      status: 'True',
    });
  });

  it('go with their definition, which waits for them', async () => {
    await define(definition('widgets', 'Widget'));
    await make('a');
    await make('held', { finalizers: [`${GROUP}/hold`] });
    await cluster.client.delete(customResourceDefinitions, undefined, `widgets.${GROUP}`);
    await cluster.advance(100);
    expect(await names()).toEqual(['held']);
    expect(findCondition((await read(`widgets.${GROUP}`)).status?.conditions, 'Terminating')).toMatchObject({
      status: 'True',
      reason: 'InstanceDeletionInProgress',
    });
    await expect(make('b')).rejects.toMatchObject({
      message: `widgets.${GROUP} "b" is forbidden: create not allowed while custom resource definition is terminating`,
    });
    await cluster.client.patch(widgets, 'default', 'held', 'merge', { metadata: { finalizers: null } });
    await cluster.advance(10_000);
    await expect(read(`widgets.${GROUP}`)).rejects.toMatchObject({ reason: 'NotFound' });
    await expect(names()).rejects.toMatchObject({ reason: 'NotFound' });
    // A second one of the name starts afresh.
    await define(definition('widgets', 'Widget'));
    expect(await names()).toEqual([]);
  });

  it('own, and are owned', async () => {
    await define(definition('widgets', 'Widget'));
    const owner = await make('owner');
    const reference = ({ apiVersion = '', kind = '', metadata }: KubeObject) => ({
      ownerReferences: [{ apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' }],
    });
    const child = await cluster.client.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'child', namespace: 'default', ...reference(owner) },
    });
    await make('grandchild', reference({ ...child, apiVersion: 'v1', kind: 'ConfigMap' }));
    await cluster.advance(1000);
    expect(await names()).toEqual(['grandchild', 'owner']);
    await cluster.client.delete(widgets, 'default', 'owner');
    await cluster.advance(1000);
    expect(await names()).toEqual([]);
    await expect(cluster.client.get(configMaps, 'default', 'child')).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it('take what they own along when their definition goes', async () => {
    await define(definition('widgets', 'Widget'));
    const { metadata } = await make('owner');
    await cluster.client.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'child',
        namespace: 'default',
        ownerReferences: [{ apiVersion: `${GROUP}/v1`, kind: 'Widget', name: 'owner', uid: metadata.uid ?? '' }],
      },
    });
    await cluster.client.delete(customResourceDefinitions, undefined, `widgets.${GROUP}`);
    await cluster.advance(1000);
    await expect(cluster.client.get(configMaps, 'default', 'child')).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it('are cleared away with their namespace', async () => {
    await define(definition('widgets', 'Widget'));
    await cluster.client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } });
    await make('a', { namespace: 'lab' });
    await cluster.client.delete(namespaces, undefined, 'lab');
    await cluster.advance(5000);
    expect(await names()).toEqual([]);
    await expect(cluster.client.get(namespaces, undefined, 'lab')).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it('are counted by quotas', async () => {
    await define(definition('widgets', 'Widget'));
    const counted = `count/widgets.${GROUP}`;
    await cluster.client.create(resourceQuotas, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few', namespace: 'default' },
      spec: { hard: { [counted]: '1' } },
    });
    await cluster.advance(100);
    await make('a');
    await expect(make('b')).rejects.toMatchObject({ reason: 'Forbidden' });
    await cluster.client.delete(widgets, 'default', 'a');
    await cluster.advance(100);
    expect((await cluster.client.get(resourceQuotas, 'default', 'few')).status?.used).toEqual({ [counted]: '0' });
  });

  it('move to another version that is served', async () => {
    await define(definition('widgets', 'Widget'));
    await make('a');
    const schema = { openAPIV3Schema: { type: 'object' } };
    await cluster.client.patch(customResourceDefinitions, undefined, `widgets.${GROUP}`, 'merge', {
      spec: {
        versions: [
          { name: 'v1', served: false, storage: false, schema },
          { name: 'v2', served: true, storage: true, schema },
        ],
      },
    });
    await cluster.advance(100);
    await expect(names()).rejects.toMatchObject({ reason: 'NotFound' });
    const { items } = await cluster.client.list({ ...widgets, version: 'v2' });
    expect(items.map(({ apiVersion, metadata }) => [apiVersion, metadata.name])).toEqual([[`${GROUP}/v2`, 'a']]);
    expect((await read(`widgets.${GROUP}`)).status?.storedVersions).toEqual(['v1', 'v2']);
  });
});
