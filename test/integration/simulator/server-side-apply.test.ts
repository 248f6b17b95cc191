import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, clientsAvailable, startClients } from '../../support/kubectl';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

interface Entry {
  manager: string;
  operation: string;
  subresource?: string;
  fieldsV1: Record<string, unknown>;
}

describe.skipIf(!clientsAvailable)('server-side apply by kubectl', () => {
  let simulator: RunningSimulator;
  let clients: Clients;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: 1 });
    clients = await startClients(simulator.kubeconfig);
  }, 120_000);

  afterAll(async () => {
    await clients?.remove();
    await simulator?.stop();
  });

  const kubectl = (args: string, stdin?: string) => clients.succeed(args.split(' '), stdin);

  async function managed(object: string): Promise<Entry[]> {
    return JSON.parse(await kubectl(`get ${object} -o json --show-managed-fields`)).metadata.managedFields;
  }

  const deployment = (name: string, spec: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  ${spec}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: web, image: nginx, ports: [{ containerPort: 80 }] }
`;

  it('creates, changes, and says when nothing changes hands', async () => {
    const text = deployment('a', 'replicas: 1');
    expect(await kubectl('apply --server-side -f -', text)).toBe('deployment.apps/a serverside-applied\n');
    const [entry] = await managed('deployment/a');
    expect(entry).toMatchObject({
      manager: 'kubectl',
      operation: 'Apply',
      fieldsV1: {
        'f:metadata': { 'f:labels': { 'f:app': {} } },
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:template': {
            'f:metadata': { 'f:labels': { 'f:app': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"web"}': {
                  '.': {},
                  'f:name': {},
                  'f:image': {},
                  'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                },
              },
            },
          },
        },
      },
    });
    const version = (await kubectl('get deployment a -o jsonpath={.metadata.generation}')).trim();
    await kubectl('apply --server-side -f -', text);
    expect(await kubectl('get deployment a -o jsonpath={.metadata.generation}')).toBe(version);
    expect(await kubectl('get deployment a -o yaml')).not.toContain('managedFields');
  });

  it('names what another manager has, and takes it when told to', async () => {
    await kubectl('create deployment b --image=nginx');
    await kubectl('scale deployment b --replicas=2');
    expect(await managed('deployment/b')).toContainEqual(
      expect.objectContaining({
        manager: 'kubectl',
        operation: 'Update',
        subresource: 'scale',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      }),
    );
    const text = deployment('b', 'replicas: 3').replace('name: web', 'name: nginx');
    const refused = await clients.kubectl(['apply', '--server-side', '-f', '-'], { stdin: text });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    );
    expect(refused.stderr).toContain('--force-conflicts');
    await kubectl('apply --server-side --force-conflicts -f -', text);
    expect(await kubectl('get deployment b -o jsonpath={.spec.replicas}')).toBe('3');
    expect((await managed('deployment/b')).map(({ subresource }) => subresource)).not.toContain('scale');
  });

  it('takes over from client-side apply, and removes what is no longer applied', async () => {
    await kubectl('apply -f -', deployment('c', 'replicas: 2\n  minReadySeconds: 5'));
    expect((await managed('deployment/c')).map(({ manager }) => manager)).toContain('kubectl-client-side-apply');
    await kubectl('apply --server-side -f -', deployment('c', 'replicas: 2'));
    const managers = (await managed('deployment/c')).map(({ manager, operation }) => `${manager} ${operation}`);
    expect(managers).toContain('kubectl Apply');
    expect(managers).not.toContain('kubectl-client-side-apply Update');
    const { spec } = JSON.parse(await kubectl('get deployment c -o json'));
    expect(spec.minReadySeconds ?? 0).toBe(0);
    expect(spec.replicas).toBe(2);
  });

  it('gives two appliers what they share, and each what it alone has', async () => {
    const text = (data: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: shared}, data: {${data}}}`;
    await kubectl('apply --server-side --field-manager=one -f -', text('both: "1", first: "1"'));
    await kubectl('apply --server-side --field-manager=two -f -', text('both: "1", second: "1"'));
    const refused = await clients.kubectl(['apply', '--server-side', '--field-manager=two', '-f', '-'], {
      stdin: text('both: "2"'),
    });
    expect(refused.stderr).toContain('Apply failed with 1 conflict: conflict with "one": .data.both');
    await kubectl('apply --server-side --field-manager=one -f -', text(''));
    expect(JSON.parse(await kubectl('get cm shared -o json')).data).toEqual({ both: '1', second: '1' });
  });

  it('forgets all managers when asked to', async () => {
    await kubectl('create configmap reset --from-literal=a=b');
    await kubectl('patch configmap reset --type=merge -p {"metadata":{"managedFields":[{}]}}');
    expect(await managed('configmap/reset')).toBeUndefined();
    await kubectl(
      'apply --server-side --field-manager=one -f -',
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: reset}, data: {c: d}}',
    );
    expect((await managed('configmap/reset')).map(({ manager }) => manager)).toEqual(['one', 'before-first-apply']);
  });
});
