import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../support/build';
import { type Clients, clientsAvailable, startClients } from '../../support/kubectl';
import { root } from '../../support/paths';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

const MANIFESTS = join(root, 'assets', 'manifests', 'course');

/** Two manifests as the slides print them, which no server takes. */
const BROKEN_JOB = `
apiVersion: batch/v1
kind: Job
metadata:
  name: pi-as-printed
spec:
  template:
    spec:
      containers:
      - name: pi
        image: perl:5.34.0
        restartPolicy: Never
    backoffLimit: 4
`;
const BROKEN_AFFINITY = `
apiVersion: v1
kind: Pod
metadata:
  name: affinity-as-printed
spec:
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
        - matchExpressions:
          - key: topology.kubernetes.io/zone
            operator: In
            values: [antarctica-east1, antarctica-west1]
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 1
  containers:
  - name: c
    image: registry.k8s.io/pause:2.0
`;
const BROKEN_CRON_JOB = `
apiVersion: batch/v1
kind: CronJob
metadata:
  name: hello
spec:
  schedule: "*" * * * *
`;
const FAILING_JOB = `
apiVersion: batch/v1
kind: Job
metadata:
  name: failing
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: busybox:1.28
        command: [sh, -c, exit 1]
`;
const NOWHERE = {
  spec: {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['antarctica-east1'] }],
            },
          ],
        },
      },
    },
  },
};

// In order: each test finds what those before it have made, as a person would.
describe.skipIf(!clientsAvailable)('the course with the real kubectl', () => {
  let simulator: RunningSimulator;
  let clients: Clients;

  beforeAll(async () => {
    await build('simulate');
    simulator = await startSimulator({ preset: 'course', seed: 1, speed: 20 });
    clients = await startClients(simulator.kubeconfig);
  });
  afterAll(async () => {
    await clients?.remove();
    expect(await simulator?.stop()).toBe(0);
  });

  /** The command's output; fails with what it said when it fails. */
  async function kubectl(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await clients.kubectl(args);
    expect(`${code} ${code === 0 ? '' : stderr}`, args.join(' ')).toBe('0 ');
    return stdout.trim();
  }

  /** What kubectl says, whatever its status. */
  async function said(args: string[], stdin = ''): Promise<string> {
    const { stdout, stderr } = await clients.kubectl(args, { stdin });
    return stdout + stderr;
  }

  /** Asks again until the answer is as it should come to be. */
  const becomes = (...args: string[]) =>
    expect.poll(() => kubectl(...args), { timeout: 20_000, interval: 250, message: args.join(' ') });

  it.each(readdirSync(MANIFESTS).filter((name) => name.endsWith('.yaml')))('takes %s', async (name) => {
    expect(await kubectl('apply', '-f', join(MANIFESTS, name))).toMatch(/ (created|configured)$/);
    // kubectl sends a patch again where admission has added to a list, and calls that configured.
    expect(await kubectl('apply', '-f', join(MANIFESTS, name))).toMatch(/ (unchanged|configured)$/);
  });

  it('brings the pods up', async () => {
    const names = ['nginx', 'with-node-affinity', 'nginx-toleration', 'security-context-demo'];
    for (const name of names) await kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=30s');
    const table = await kubectl('get', 'pods', ...names);
    expect(table.split('\n')[0]?.split(/ +/)).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
    for (const name of names) expect(table).toMatch(new RegExp(`${name} +1/1 +Running +0 `));
  });

  it('puts a pod where its affinity says', async () => {
    const node = await kubectl('get', 'pod', 'with-node-affinity', '-o', 'jsonpath={.spec.nodeName}');
    const zone = await kubectl(
      'get',
      'node',
      node,
      '-o',
      'jsonpath={.metadata.labels.topology\\.kubernetes\\.io/zone}',
    );
    expect(['europe-west1-b', 'europe-west1-c']).toContain(zone);
  });

  it('runs a daemon on every node', async () => {
    await kubectl('rollout', 'status', 'daemonset/fluentd-elasticsearch', '-n', 'kube-system', '--timeout=30s');
    const table = await kubectl('get', 'ds', 'fluentd-elasticsearch', '-n', 'kube-system');
    expect(table.split('\n').map((line) => line.split(/ {2,}/).slice(0, -1))).toEqual([
      ['NAME', 'DESIRED', 'CURRENT', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'NODE SELECTOR'],
      ['fluentd-elasticsearch', '4', '4', '4', '4', '4', '<none>'],
    ]);
  });

  it('computes pi', async () => {
    await kubectl('wait', '--for=condition=complete', 'job/pi', '--timeout=30s');
    expect(await kubectl('logs', 'job/pi')).toMatch(/^3\.14159265358979323846/);
    expect(await kubectl('get', 'job', 'pi')).toMatch(
      /^NAME +STATUS +COMPLETIONS +DURATION +AGE\npi +Complete +1\/1 +\d+s +\d+/,
    );
    expect(await kubectl('get', 'pods', '-l', 'job-name=pi')).toMatch(/pi-[a-z0-9]{5} +0\/1 +Completed +0 /);
  });

  it('says hello every minute', async () => {
    // A minute of the cluster's is three seconds here.
    await expect
      .poll(() => kubectl('get', 'jobs', '-o', 'jsonpath={.items[*].metadata.name}'), {
        timeout: 15_000,
        interval: 500,
      })
      .toMatch(/hello-\d+/);
    expect(await kubectl('get', 'cronjob', 'hello')).toMatch(
      /^NAME +SCHEDULE +TIMEZONE +SUSPEND +ACTIVE +LAST SCHEDULE +AGE\nhello +\* \* \* \* \* +<none> +False +[01] +\d+s +\d+/,
    );
    const [job = ''] = (await kubectl('get', 'jobs', '-o', 'name'))
      .split('\n')
      .filter((name) => name.includes('hello-'));
    await kubectl('wait', '--for=condition=complete', job, '--timeout=30s');
    expect(await kubectl('logs', job)).toMatch(/ UTC \d{4}\nHello from the Kubernetes cluster$/);
    expect(await kubectl('delete', 'cronjob', 'hello')).toBe('cronjob.batch "hello" deleted from default namespace');
  });

  it('lets people do what their roles say', async () => {
    expect(await kubectl('auth', 'can-i', 'list', 'pods', '--as', 'jane')).toBe('yes');
    expect(await clients.kubectl(['auth', 'can-i', 'delete', 'pods', '--as', 'jane'])).toMatchObject({
      code: 1,
      stdout: 'no\n',
    });
    expect(await clients.kubectl(['get', 'pods', '--as', 'joe'])).toMatchObject({
      code: 1,
      stderr:
        'Error from server (Forbidden): pods is forbidden: User "joe" cannot list resource "pods" in API group "" in the namespace "default"\n',
    });
    expect(await kubectl('get', 'secrets', '-A', '--as', 'joe', '--as-group', 'manager')).toBe('');
    expect(await kubectl('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe('kubernetes-admin');
  });

  it('creates what kubectl sends in protobuf', async () => {
    expect(await kubectl('create', 'namespace', 'demo')).toBe('namespace/demo created');
    expect(await kubectl('create', 'deployment', 'web', '--image=nginx', '--replicas=2', '-n', 'demo')).toBe(
      'deployment.apps/web created',
    );
    await kubectl('rollout', 'status', 'deployment/web', '-n', 'demo', '--timeout=30s');
    expect(await kubectl('scale', 'deployment/web', '--replicas=0', '-n', 'demo')).toBe('deployment.apps/web scaled');
    const token = await kubectl('create', 'token', 'default', '-n', 'demo');
    const asAccount = ['--token', token, '--kubeconfig', '/dev/null', '--server', simulator.server];
    const who = await clients.kubectl(['auth', 'whoami', '--insecure-skip-tls-verify', ...asAccount]);
    expect(who.stdout).toContain('system:serviceaccount:demo:default');
    expect(await kubectl('delete', 'namespace', 'demo', '--timeout=30s')).toContain('deleted');
  });

  it('runs commands in containers', async () => {
    expect(await kubectl('exec', 'nginx', '--', 'hostname')).toBe('nginx');
    expect(await clients.kubectl(['exec', 'nginx', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
      code: 3,
      stdout: 'out\n',
      stderr: expect.stringContaining('err\n'),
    });
  });

  it('shows whose the process in the security-context pod is', async () => {
    expect(await kubectl('exec', 'security-context-demo', '--', 'id')).toBe('uid=1000 gid=3000 groups=2000,3000');
  });

  it('says why a manifest as printed is refused', async () => {
    expect(await said(['apply', '-f', '-'], BROKEN_JOB)).toContain(
      'Error from server (BadRequest): error when creating "STDIN": Job in version "v1" cannot be handled as a Job: strict decoding error: unknown field "spec.template.backoffLimit"',
    );
    expect(await said(['apply', '-f', '-'], BROKEN_AFFINITY)).toContain(
      'strict decoding error: unknown field "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].preferredDuringSchedulingIgnoredDuringExecution"',
    );
    // This one never reaches the server.
    expect(await said(['apply', '-f', '-'], BROKEN_CRON_JOB)).toMatch(
      /^error: error parsing STDIN: error converting YAML/,
    );
  });

  it('leaves a pod pending that fits no node, and says why', async () => {
    await kubectl('run', 'nowhere', '--image=nginx', `--overrides=${JSON.stringify(NOWHERE)}`);
    await becomes('describe', 'pod', 'nowhere').toContain(
      "0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
    );
    expect(await kubectl('get', 'pod', 'nowhere', '-o', 'wide')).toMatch(
      /nowhere +0\/1 +Pending +0 +\S+ +<none> +<none> /,
    );
  });

  it('gives a job up after its back-off limit', async () => {
    expect(await said(['apply', '-f', '-'], FAILING_JOB)).toBe('job.batch/failing created\n');
    await kubectl('wait', '--for=condition=Failed', 'job/failing', '--timeout=30s');
    expect(await kubectl('get', 'job', 'failing')).toMatch(/failing +Failed +0\/1 /);
    expect((await kubectl('get', 'pods', '-l', 'job-name=failing', '--no-headers')).split('\n')).toEqual([
      expect.stringMatching(/ 0\/1 +Error +0 /),
      expect.stringMatching(/ 0\/1 +Error +0 /),
    ]);
    expect(await kubectl('describe', 'job', 'failing')).toMatch(
      /Warning +BackoffLimitExceeded +\S+ +job-controller +Job has reached the specified backoff limit/,
    );
  });

  it('backs off from an image that is not there, and from a command that keeps failing', async () => {
    await kubectl('run', 'bad', '--image=example.com/nobody/knows:1');
    await kubectl('run', 'crash', '--image=busybox:1.28', '--', 'sh', '-c', 'echo once more; exit 1');
    await becomes('get', 'pod', 'bad').toMatch(/bad +0\/1 +ImagePullBackOff +0 /);
    expect(await kubectl('describe', 'pod', 'bad')).toContain('Back-off pulling image "example.com/nobody/knows:1"');
    await becomes('get', 'pod', 'crash').toMatch(/crash +0\/1 +CrashLoopBackOff +[2-9] \(\S+ ago\) /);
    expect(await kubectl('logs', 'crash', '--previous')).toBe('once more');
    expect(await kubectl('delete', 'pod', 'bad', 'crash', 'nowhere', '--now')).toContain('pod "crash" deleted');
  });

  it('rolls out, back, and to another size', async () => {
    await kubectl('create', 'deployment', 'web', '--image=nginx:1.14.2', '--replicas=3');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    await kubectl('set', 'image', 'deployment/web', 'nginx=nginx:1.16.1');
    expect(await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s')).toContain('successfully rolled out');
    expect(await kubectl('rollout', 'undo', 'deployment/web')).toBe('deployment.apps/web rolled back');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    expect((await kubectl('rollout', 'history', 'deployment/web')).split('\n').slice(1)).toEqual([
      'REVISION  CHANGE-CAUSE',
      '2         <none>',
      '3         <none>',
    ]);
    await kubectl('scale', 'deployment/web', '--replicas=5');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    expect(await kubectl('get', 'deployment', 'web', '-o', 'wide')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nweb +5\/5 +5 +5 +\S+ +nginx +nginx:1\.14\.2 +app=web$/,
    );
    expect(await kubectl('describe', 'deployment', 'web')).toContain(
      'Replicas:               5 desired | 5 updated | 5 total | 5 available | 0 unavailable',
    );
  });

  it('drains a node as far as a disruption budget lets it', async () => {
    await kubectl('create', 'pdb', 'web', '--selector=app=web', '--min-available=5');
    await becomes('get', 'pdb', 'web').toMatch(/web +5 +N\/A +0 /);
    const drain = ['drain', 'worker-2', '--ignore-daemonsets', '--force', '--delete-emptydir-data'];
    expect(await said([...drain, '--timeout=2s'])).toContain(
      "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    await kubectl('delete', 'pdb', 'web');
    expect(await kubectl(...drain, '--timeout=30s')).toContain('node/worker-2 drained');
    expect(await kubectl('get', 'node', 'worker-2')).toMatch(
      /worker-2 +Ready,SchedulingDisabled +<none> +\S+ +v1\.35\.2/,
    );
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    expect(await kubectl('get', 'pods', '-l', 'app=web', '-o', 'wide')).not.toContain('worker-2');
    expect(await kubectl('uncordon', 'worker-2')).toBe('node/worker-2 uncordoned');
  });

  it('deletes dependents later, first, or not at all', async () => {
    const left = () => said(['get', 'replicasets,pods', '-l', 'app=web', '-o', 'name']);
    await kubectl('delete', 'deployment', 'web', '--cascade=orphan');
    expect((await left()).match(/^pod\//gm)).toHaveLength(5);
    await kubectl('delete', 'replicaset', '-l', 'app=web', '--cascade=foreground');
    expect(await left()).toBe('');
    await kubectl('create', 'deployment', 'web', '--image=nginx:1.14.2');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
    await kubectl('delete', 'deployment', 'web');
    await expect.poll(left, { timeout: 20_000 }).toBe('');
  });

  it('brings a static pod back, and tells everyone where the cluster is', async () => {
    const owner = 'jsonpath={.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name}';
    const etcd = ['pod', 'etcd-control-plane', '-n', 'kube-system'];
    expect(await kubectl('get', ...etcd, '-o', owner)).toBe('Node/control-plane');
    const uid = await kubectl('get', ...etcd, '-o', 'jsonpath={.metadata.uid}');
    // Without waiting: kubectl looks for the old pod, then watches the name, and at this speed the new pod can come between.
    await kubectl('delete', ...etcd, '--wait=false');
    await expect
      .poll(() => said(['get', ...etcd, '-o', 'jsonpath={.metadata.uid}']), { timeout: 20_000 })
      .toMatch(new RegExp(`^(?!${uid})[0-9a-f-]{36}$`));
    await kubectl('wait', '--for=condition=Ready', ...etcd, '--timeout=30s');
    expect(await kubectl('get', 'configmap', 'cluster-info', '-n', 'kube-public', '--as=system:anonymous')).toContain(
      'cluster-info',
    );
  });
});
