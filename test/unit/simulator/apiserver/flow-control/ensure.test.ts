import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlowSchema } from '../../../../../shared/kubernetes/objects';
import { flowSchemas, priorityLevelConfigurations } from '../../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../../support/control-plane';

const AUTO_UPDATE = 'apf.kubernetes.io/autoupdate-spec';

describe("the server's own flow control", () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([]);
    await cluster.advance(120_000);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const names = async () => (await cluster.client.list(flowSchemas)).items.map(({ metadata }) => metadata.name);
  const get = (name: string) => cluster.client.get(flowSchemas, undefined, name);
  const change = (name: string, annotation: string | null, matchingPrecedence: number) =>
    cluster.client.patch<FlowSchema>(flowSchemas, undefined, name, 'merge', {
      metadata: { annotations: { [AUTO_UPDATE]: annotation } },
      spec: { matchingPrecedence },
    });

  it('comes back within a minute when it is deleted', async () => {
    const before = await names();
    expect(before).toHaveLength(11);
    await cluster.client.delete(flowSchemas, undefined, 'exempt');
    await cluster.client.delete(flowSchemas, undefined, 'probes');
    await cluster.client.delete(priorityLevelConfigurations, undefined, 'system');
    await cluster.advance();
    expect((await get('system-nodes')).status?.conditions).toMatchObject([{ status: 'True', reason: 'NotFound' }]);
    await cluster.advance(61_000);
    expect(await names()).toEqual(before);
    expect((await get('system-nodes')).status?.conditions).toMatchObject([{ status: 'False', reason: 'Found' }]);
  });

  it('goes back to what it was, unless somebody says that it is his', async () => {
    await change('probes', 'true', 3);
    await change('service-accounts', 'false', 8_000);
    await change('global-default', null, 9_800);
    await cluster.advance(61_000);
    const now = async (name: string) => {
      const { metadata, spec } = await get(name);
      return [metadata.annotations?.[AUTO_UPDATE], spec?.matchingPrecedence];
    };
    expect(await now('probes')).toEqual(['true', 2]);
    expect(await now('service-accounts')).toEqual(['false', 8_000]);
    // It was changed, so it no longer follows, and says so.
    expect(await now('global-default')).toEqual(['false', 9_800]);
  });

  it('leaves nothing that follows a server that knows nothing of it', async () => {
    const make = (name: string, annotation: string) =>
      cluster.client.create(flowSchemas, {
        apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
        kind: 'FlowSchema',
        metadata: { name, annotations: { [AUTO_UPDATE]: annotation } },
        spec: { priorityLevelConfiguration: { name: 'system' } },
      });
    await make('old', 'true');
    await make('own', 'false');
    await cluster.advance(61_000);
    expect(await names()).toContain('own');
    expect(await names()).not.toContain('old');
  });
});
