import { describe, expect, it } from 'vitest';
import { readJson } from '../../../../electron/simulator/apiserver/encoding/json-reader';
import { openApiV2 } from '../../../../electron/simulator/apiserver/openapi/v2';
import { OpenApiV3 } from '../../../../electron/simulator/apiserver/openapi/v3';
import { decode, schemaFor } from '../../../../electron/simulator/apiserver/schema';
import { builtInDefinitions } from '../../../../electron/simulator/apiserver/strategies';
import { deployments, pods, secrets } from '../../../../shared/kubernetes/resources';

describe('decode', () => {
  it('drops nulls and unknown fields, and names the latter', () => {
    const { object, problems } = decode(deployments, {
      metadata: { name: 'x', creationTimestamp: null, labels: { a: null } },
      spec: { foo: 1, template: { spec: { containers: [{ name: 'c', imag: 'i' }] } } },
    });
    expect(object).toEqual({
      metadata: { name: 'x', labels: { a: '' } },
      spec: { template: { spec: { containers: [{ name: 'c' }] } } },
    });
    expect(problems).toEqual(['unknown field "spec.foo"', 'unknown field "spec.template.spec.containers[0].imag"']);
  });

  it('takes numbers and texts for quantities and for counts or percentages', () => {
    const resources = { limits: { cpu: 1, memory: '1Gi' } };
    expect(decode(pods, { spec: { containers: [{ resources }] } }).problems).toEqual([]);
    for (const maxSurge of [1, '25%']) {
      expect(decode(deployments, { spec: { strategy: { rollingUpdate: { maxSurge } } } }).problems).toEqual([]);
    }
  });

  it.each([
    [
      { spec: { replicas: 'three' } },
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      { spec: { template: { spec: { containers: [{ ports: [{ containerPort: '80' }] }] } } } },
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32',
    ],
    [
      { spec: { template: { spec: { containers: {} } } } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container',
    ],
    [
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      { metadata: { name: true } },
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.name of type string',
    ],
    [
      { spec: { replicas: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [{ spec: [] }, 'json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec'],
  ])('refuses %j', (object, message) => {
    expect(() => decode(deployments, object)).toThrow(message);
  });
});

it('refuses what is no base64', () => {
  expect(decode(secrets, { data: { a: 'YQ==', b: '' } }).problems).toEqual([]);
  expect(() => decode(secrets, { data: { a: '###' } })).toThrow('illegal base64 data at input byte 0');
  expect(() => decode(secrets, { data: { a: 'YWJj*' } })).toThrow('illegal base64 data at input byte 4');
});

it('finds fields that a text has twice', () => {
  const text = '{"spec":{"replicas":1,"replicas":2,"template":{"spec":{"containers":[{},{"name":"a","name":"b"}]}}}}';
  expect(decode(deployments, readJson(text)).problems).toEqual([
    'duplicate field "spec.replicas"',
    'duplicate field "spec.template.spec.containers[1].name"',
  ]);
});

describe('schemaFor', () => {
  it('knows every kind that is served', () => {
    expect(builtInDefinitions.filter(({ resource }) => schemaFor(resource) === undefined)).toEqual([]);
  });

  it('knows how lists are merged, at any depth', () => {
    const spec = schemaFor(pods)?.properties?.spec;
    expect(spec?.properties?.containers?.patchMergeKey).toBe('name');
    const container = spec?.properties?.containers?.items;
    expect(container?.properties?.ports).toMatchObject({ patchMergeKey: 'containerPort', patchStrategy: 'merge' });
    expect(spec?.properties?.volumes?.patchStrategy).toBe('merge,retainKeys');
    expect(spec?.properties?.tolerations?.patchMergeKey).toBeUndefined();
    expect(schemaFor(pods)?.properties?.metadata?.properties?.ownerReferences?.patchMergeKey).toBe('uid');
  });
});

describe('the OpenAPI documents', () => {
  it('refer to nothing that is not there', () => {
    const v2 = openApiV2(builtInDefinitions) as { definitions: object };
    const texts = [...JSON.stringify(v2).matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(texts.filter((name) => !Object.hasOwn(v2.definitions, name))).toEqual([]);
    const v3 = new OpenApiV3(builtInDefinitions);
    for (const name of v3.names) {
      const document = v3.document(name) as { components: { schemas?: object } };
      const schemas = document.components.schemas ?? {};
      const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
        ([, name]) => name ?? '',
      );
      expect(names.filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
    }
  });

  it('tell kubectl that the server validates fields', () => {
    const paths = new OpenApiV3(builtInDefinitions).document('apis/apps/v1')?.paths;
    expect(paths).toMatchObject({
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}': {
        patch: {
          'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
          parameters: expect.arrayContaining([expect.objectContaining({ name: 'fieldValidation', in: 'query' })]),
        },
      },
    });
  });
});
