import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsAvailable } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';
import { temporaryFolder } from '../../support/paths';

// In order: each test finds what those before it have made.
describe.skipIf(!clientsAvailable)('kubectl with what is around workloads', () => {
  const { kubectl, said, start } = liveCluster(20);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder('around');
    await mkdir(join(folder.path, 'base'));
    await writeFile(join(folder.path, 'base', 'kustomization.yaml'), KUSTOMIZATION);
    await writeFile(join(folder.path, 'base', 'web.yaml'), WEB);
  });
  afterAll(() => folder?.remove());

  it('applies what kustomize makes, and shows what would become of it', async () => {
    const base = join(folder.path, 'base');
    expect((await kubectl(`apply -k ${base}`)).split('\n').sort()).toEqual(
      [
        '',
        'deployment.apps/my-web created',
        expect.stringMatching(/^configmap\/my-page-\w{10} created$/),
        'ingress.networking.k8s.io/my-web created',
        'limitrange/my-bounds created',
        'persistentvolumeclaim/my-data created',
        'resourcequota/my-share created',
        'service/my-web created',
      ].sort(),
    );
    expect(await kubectl('rollout status deployment/my-web --timeout=40s')).toContain('successfully rolled out');
    expect(await kubectl(`diff -k ${base}`)).toBe('');
    await writeFile(join(base, 'web.yaml'), WEB.replace('replicas: 2', 'replicas: 1'));
    expect(await said(`diff -k ${base}`)).toMatch(/\n- {2}replicas: 2\n\+ {2}replicas: 1\n/);
    expect(await kubectl(`apply -k ${base}`)).toContain('deployment.apps/my-web configured');
    await kubectl('wait --for=jsonpath={.status.replicas}=1 deployment/my-web --timeout=30s');
  });

  it('tells of storage that was provisioned', async () => {
    expect(await kubectl('get pvc')).toMatch(/\nmy-data +Bound +pvc-\S+ +1Gi +RWO +standard +<unset> +\S+\n$/);
    expect(await kubectl('describe pvc my-data')).toMatch(
      /\nUsed By: +my-web-\S+\n[\s\S]*\n {2}Normal +WaitForFirstConsumer .*\n[\s\S]*\n {2}Normal +ProvisioningSucceeded /,
    );
    expect(await kubectl('describe pv')).toMatch(
      /\nClaim: +default\/my-data\n[\s\S]*\n {4}Term 0: +\S+ in \[worker-\d\]\n/,
    );
  });

  it('tells of bounds, and of how much is used', async () => {
    expect(await kubectl('describe namespace default')).toMatch(
      /\n {2}pods +1 +10\n {2}requests.cpu +50m +2\n[\s\S]*\n Container +cpu +- +- +50m +200m +-\n/,
    );
    expect(await kubectl('get quota')).toMatch(/\nmy-share +pods: 1\/10, requests.cpu: 50m\/2 +\S+\n$/);
    expect(
      await said(
        'run large --image=nginx --overrides={"spec":{"containers":[{"name":"c","image":"nginx","resources":{"requests":{"cpu":"3"},"limits":{"cpu":"3"}}}]}}',
      ),
    ).toBe(
      'Error from server (Forbidden): pods "large" is forbidden: exceeded quota: my-share, requested: requests.cpu=3, used: requests.cpu=50m, limited: requests.cpu=2\n',
    );
  });

  it('tells of the way in', async () => {
    expect(await kubectl('describe ingress my-web')).toMatch(/\n +\/ +my-web:80 \(10\.244\.\d\.\d+:80\)\n/);
    const forwarding = start('port-forward deployment/my-web :80');
    const [, port] = await forwarding.prints(/Forwarding from 127\.0\.0\.1:(\d+) -> 80/);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('Welcome to nginx!');
    await forwarding.stop();
    expect(await kubectl('run front --image=nginx --port=80 --expose')).toBe(
      'service/front created\npod/front created\n',
    );
    await kubectl(
      'wait --for=jsonpath={.endpoints[0].conditions.ready}=true endpointslice -l kubernetes.io/service-name=front --timeout=30s',
    );
    expect(await kubectl('get --raw /api/v1/namespaces/default/services/front/proxy/')).toContain('Welcome to nginx!');
  });

  it('shows what is used', async () => {
    await kubectl('wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io --timeout=30s');
    expect(await kubectl('top nodes --sort-by=cpu')).toMatch(
      /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) *\n(\S+ +\d+m +\d+% +\d+Mi +\d+% *\n){4}$/,
    );
    expect(await kubectl('top pods -n kube-system -l component=etcd --containers --sum')).toMatch(
      /^POD +NAME +CPU\(cores\) +MEMORY\(bytes\) *\netcd-control-plane +etcd +\d+m +\d+Mi *\n +_+ +_+ *\n +\d+m +\d+Mi *\n$/,
    );
  });

  it('completes names', async () => {
    expect(await kubectl('__complete logs my-w')).toMatch(/^my-web-\S+\n:4\n$/);
    expect(await kubectl("__complete exec front -c ''")).toMatch(/^front\n:4\n$/);
    expect(await kubectl('__complete -n kube-s')).toBe('kube-system\n:4\n');
  });

  it('edits by a program', async () => {
    const editor = join(folder.path, 'edit.mjs');
    await writeFile(editor, EDITOR);
    const env = { KUBE_EDITOR: `${process.execPath} ${editor}` };
    const editing = start('edit deployment my-web', env);
    await editing.prints(/^deployment\.apps\/my-web edited$/m);
    await kubectl('rollout status deployment/my-web --timeout=30s');
    expect(await kubectl('get pods -l app=web -o jsonpath={.items[*].spec.containers[0].image}')).toContain(
      'nginx:1.28',
    );
    const again = start('edit deployment my-web', env);
    await again.prints(/^Edit cancelled, no changes made\.$/m);
  });

  it('waits for what is not there yet', async () => {
    const waiting = start('wait --for=create configmap/late --timeout=30s -v=6');
    await waiting.prints(/404 Not Found/);
    await kubectl('create configmap late');
    await waiting.prints(/^configmap\/late condition met$/m);
  });

  it('prunes what a set no longer has, with all that belongs to it', async () => {
    const both = 'apply -f - --prune --applyset=parts -n default';
    await kubectl(both, `${part('one')}---${part('two')}`, { KUBECTL_APPLYSET: 'true' });
    await kubectl('rollout status deployment/two --timeout=30s');
    expect(await kubectl(both, part('one'), { KUBECTL_APPLYSET: 'true' })).toBe(
      'deployment.apps/one unchanged\ndeployment.apps/two pruned\n',
    );
    await kubectl('wait --for=delete pods -l app=two --timeout=30s');
    expect(await kubectl('get deployments -l applyset.kubernetes.io/part-of -o name')).toBe('deployment.apps/one\n');
  });

  it('deletes at once, by selector, by file, and all', async () => {
    const forced = await said('delete pod front --force --grace-period=0');
    expect(forced).toContain('Warning: Immediate deletion does not wait for confirmation');
    expect(forced).toContain('pod "front" force deleted from default namespace\n');
    expect(await kubectl('delete service -l run=front')).toBe('No resources found\n');
    expect(await kubectl('delete service --field-selector metadata.name=front')).toBe(
      'service "front" deleted from default namespace\n',
    );
    expect(await kubectl(`delete -k ${join(folder.path, 'base')} --timeout=30s`)).toContain(
      'persistentvolumeclaim "my-data" deleted',
    );
    await kubectl('wait --for=delete pv --all --timeout=30s');
    await kubectl('delete deployments --all --cascade=foreground');
    expect(await kubectl('get all,pvc,pv -o name')).toBe('service/kubernetes\n');
  });
});

const part = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: c, image: nginx }] }
`;

const EDITOR = `
import { readFileSync, writeFileSync } from 'node:fs';
const [, , file] = process.argv;
writeFileSync(file, readFileSync(file, 'utf8').replace('image: nginx:1.27', 'image: nginx:1.28'));
`;

const KUSTOMIZATION = `
namePrefix: my-
resources: [web.yaml]
configMapGenerator: [{ name: page, literals: [title=hello] }]
`;

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx:1.27
          envFrom: [{ configMapRef: { name: page } }]
          volumeMounts: [{ name: data, mountPath: /data }]
      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: share }
spec: { hard: { pods: '10', requests.cpu: '2' } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: bounds }
spec: { limits: [{ type: Container, defaultRequest: { cpu: 50m }, default: { cpu: 200m } }] }
`;
