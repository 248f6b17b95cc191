import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, clientsAvailable, startClients } from '../../support/kubectl';
import { temporaryFolder } from '../../support/paths';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: crontabs.stable.example.com }
spec:
  group: stable.example.com
  scope: Namespaced
  names: { plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all] }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {}, scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas } }
      additionalPrinterColumns:
        - { name: Spec, type: string, jsonPath: .spec.cronSpec }
        - { name: Replicas, type: integer, jsonPath: .spec.replicas }
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [cronSpec]
              properties:
                cronSpec: { type: string, description: When it runs. }
                image: { type: string, default: busybox }
                replicas: { type: integer, minimum: 1, maximum: 10, default: 1 }
              x-kubernetes-validations:
                - { rule: "self.replicas < 8 || self.image == 'busybox'", message: too many for that image }
            status: { type: object, properties: { replicas: { type: integer } } }
`;

const CRONTAB = `
apiVersion: stable.example.com/v1
kind: CronTab
metadata: { name: mine }
spec: { cronSpec: "*/5 * * * *" }
`;

describe.skipIf(!clientsAvailable)('custom resources by kubectl', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let simulator: RunningSimulator;
  let clients: Clients;

  beforeAll(async () => {
    folder = await temporaryFolder('custom-resources');
    simulator = await startSimulator({ preset: 'empty', seed: 1, data: folder.path });
    clients = await startClients(simulator.kubeconfig);
  }, 120_000);

  afterAll(async () => {
    await clients?.remove();
    await simulator?.stop();
    await folder?.remove();
  });

  const kubectl = (args: string, stdin?: string) => clients.succeed(args.split(' '), stdin);

  async function refused(args: string, stdin?: string): Promise<string> {
    const result = await clients.kubectl(args.split(' '), stdin === undefined ? {} : { stdin });
    expect(result.code).toBe(1);
    return result.stderr;
  }

  it('are defined, and then known to kubectl as any kind', async () => {
    expect(await kubectl('apply -f -', DEFINITION)).toBe(
      'customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created\n',
    );
    await kubectl('wait --for=condition=Established crd/crontabs.stable.example.com --timeout=20s');
    expect(await kubectl('api-resources --api-group=stable.example.com --no-headers')).toMatch(
      /^crontabs +ct +stable\.example\.com\/v1 +true +CronTab\n$/,
    );
    expect(await kubectl('apply -f -', CRONTAB)).toBe('crontab.stable.example.com/mine created\n');
    expect(await kubectl('get ct --no-headers')).toMatch(/^mine +\*\/5 \* \* \* \* +1\n$/);
    expect(await kubectl('get all --no-headers')).toContain('crontab.stable.example.com/mine');
    expect(await kubectl('get ct mine -o jsonpath={.spec.image}')).toBe('busybox');
    expect(await kubectl('explain crontab.spec')).toMatch(/cronSpec\t<string> -required-\n {4}When it runs\./);
  });

  it('are changed as their schema allows', async () => {
    expect(await kubectl('scale ct mine --replicas=3')).toBe('crontab.stable.example.com/mine scaled\n');
    expect(await refused('patch ct mine --type=merge -p {"spec":{"replicas":11}}')).toBe(
      'The CronTab "mine" is invalid: spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10\n',
    );
    expect(await refused('patch ct mine --type=merge -p {"spec":{"replicas":9,"image":"nginx"}}')).toBe(
      'The CronTab "mine" is invalid: spec: Invalid value: too many for that image\n',
    );
    expect(await refused('apply -f -', CRONTAB.replace('cronSpec:', 'cronSpek:'))).toContain(
      'unknown field "spec.cronSpek"',
    );
    expect(await kubectl('apply -f -', CRONTAB.replace('" }', '", replicas: 4 }'))).toBe(
      'crontab.stable.example.com/mine configured\n',
    );
    expect(await kubectl('apply --server-side --force-conflicts -f -', CRONTAB)).toBe(
      'crontab.stable.example.com/mine serverside-applied\n',
    );
  });

  it('are there again after a restart, at once', async () => {
    await simulator.stop();
    simulator = await startSimulator({ preset: 'empty', seed: 1, data: folder.path });
    await clients.remove();
    clients = await startClients(simulator.kubeconfig);
    expect(await kubectl('get ct -o name')).toBe('crontab.stable.example.com/mine\n');
  }, 60_000);

  it('go with their definition', async () => {
    await kubectl('delete crd crontabs.stable.example.com --timeout=20s');
    expect(await refused('get ct')).toContain('the server could not find the requested resource');
    expect(await kubectl('get crd -o name')).toBe('');
  });
});
