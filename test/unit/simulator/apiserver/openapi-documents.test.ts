import { expect, it } from 'vitest';
import { OpenApiDocuments } from '../../../../electron/simulator/apiserver/discovery/openapi';
import { builtInDefinitions } from '../../../../electron/simulator/apiserver/strategies';

it('makes again only what has changed', () => {
  const before = new OpenApiDocuments(builtInDefinitions, []);
  const [apps, core] = [before.find('/openapi/v3/apis/apps/v1'), before.find('/openapi/v3/api/v1')];
  const others = builtInDefinitions.filter(({ resource }) => resource.resource !== 'pods');
  const after = new OpenApiDocuments(others, [], before);
  expect(after.find('/openapi/v3/apis/apps/v1')).toBe(apps);
  expect(after.find('/openapi/v3/api/v1')?.etag).not.toBe(core?.etag);
  expect(after.find('/openapi/v3/api/v1')?.json.includes('"listCoreV1NamespacedPod"')).toBe(false);
});
