import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/kubernetes/objects';
import { configMaps, leases, nodes, pods, secrets } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import { type NodeCluster, nodeCluster, profile } from '../../support/node-cluster';

type Container = NonNullable<Pod['spec']>['containers'][number];

const phaseIs = (phase: string) => (pod: Pod) => pod.status?.phase === phase;
const shell = (script: string, changes: Partial<Container> = {}): Container => ({
  name: 'main',
  image: 'busybox:1.28',
  command: ['sh', '-c', script],
  ...changes,
});
const first = (pod: Pod) => pod.status?.containerStatuses?.[0];
const condition = (pod: Pod, type: string) => pod.status?.conditions?.find((each) => each.type === type);
const seconds = (time: string | undefined) => Date.parse(time ?? '') / 1000;

let cluster: NodeCluster;
beforeEach(async () => {
  cluster = await nodeCluster();
});
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.stop();
});

const gone = async (name: string): Promise<boolean> => {
  try {
    await cluster.pod(name);
    return false;
  } catch (error) {
    return isNotFound(error);
  }
};

describe('a node', () => {
  it('registers, reports itself ready, and renews its lease', async () => {
    const node = await cluster.client.get(nodes, undefined, 'worker-1');
    expect(node.metadata.labels).toMatchObject({ 'kubernetes.io/hostname': 'worker-1', 'kubernetes.io/os': 'linux' });
    expect(node.status?.allocatable).toMatchObject({ cpu: '4', memory: '8092Mi', pods: '110' });
    expect(node.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'MemoryPressure=False',
      'DiskPressure=False',
      'PIDPressure=False',
      'Ready=True',
    ]);
    const renewed = async () => (await cluster.client.get(leases, 'kube-node-lease', 'worker-1')).spec?.renewTime ?? '';
    const before = await renewed();
    await cluster.advance(10_000);
    expect(seconds(await renewed()) - seconds(before)).toBe(10);
  });

  it('writes nothing but its lease while nothing happens', async () => {
    await cluster.advance(1000);
    const before = await cluster.revision();
    await cluster.advance(60_000);
    expect((await cluster.revision()) - before).toBe(6);
  });
});

describe('a pod that the node runs by itself', () => {
  it('belongs to its node, and is back when somebody deletes it', async () => {
    await cluster.stop();
    const mirror: Pod = {
      metadata: { name: 'etcd-boss', namespace: 'default', annotations: { 'kubernetes.io/config.mirror': 'x' } },
      spec: { nodeName: 'boss', containers: [{ name: 'etcd', image: 'registry.k8s.io/etcd:3.6.6-0' }] },
    };
    cluster = await nodeCluster([profile('boss', 0, { staticPods: [mirror] })]);
    const shown = await cluster.until('etcd-boss', phaseIs('Running'));
    const { uid } = (await cluster.client.get(nodes, undefined, 'boss')).metadata;
    expect(shown.metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Node', name: 'boss', uid, controller: true },
    ]);
    await cluster.client.delete(pods, 'default', 'etcd-boss');
    await cluster.advance(60_000);
    const again = await cluster.until('etcd-boss', phaseIs('Running'));
    expect(again.metadata.uid).not.toBe(shown.metadata.uid);
  });
});

describe('a pod on its node', () => {
  it('comes up with a server, and its events tell how', async () => {
    await cluster.apply('nginx', { containers: [{ name: 'nginx', image: 'nginx:1.14.2' }] });
    const pod = await cluster.until('nginx', phaseIs('Running'));
    expect(pod.status).toMatchObject({ podIP: '10.244.1.2', hostIP: '172.18.0.3', observedGeneration: 1 });
    expect(first(pod)).toMatchObject({
      ready: true,
      started: true,
      restartCount: 0,
      image: 'docker.io/library/nginx:1.14.2',
      imageID: expect.stringMatching(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/),
      containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
    });
    for (const type of ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']) {
      expect(condition(pod, type), type).toMatchObject({ status: 'True' });
      // Why it was not so is over.
      expect(condition(pod, type), type).not.toHaveProperty('reason');
      expect(condition(pod, type), type).not.toHaveProperty('message');
    }
    expect(await cluster.eventsOf('nginx')).toEqual([
      'Scheduled: Successfully assigned default/nginx to worker-1',
      'Pulling: Pulling image "nginx:1.14.2"',
      expect.stringMatching(
        /^Pulled: Successfully pulled image "nginx:1\.14\.2" in [\d.]+s \([\d.]+s including waiting\)\. Image size: 59772801 bytes\.$/,
      ),
      'Created: Container created',
      'Started: Container started',
    ]);
    await cluster.apply('again', { containers: [{ name: 'nginx', image: 'nginx:1.14.2' }] });
    await cluster.until('again', phaseIs('Running'));
    expect(await cluster.eventsOf('again')).toContain(
      'Pulled: Container image "nginx:1.14.2" already present on machine and can be accessed by the pod',
    );
  });

  it('runs to its end, and its log stays', async () => {
    await cluster.apply('hello', {
      restartPolicy: 'OnFailure',
      containers: [shell('date; echo Hello from the Kubernetes cluster')],
    });
    const pod = await cluster.until('hello', phaseIs('Succeeded'));
    expect(await cluster.logs('hello')).toMatch(
      /^Thu Jan {2}1 00:00:\d\d UTC 2026\nHello from the Kubernetes cluster\n$/,
    );
    expect(first(pod)?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(condition(pod, 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(condition(pod, 'Initialized')).toMatchObject({ status: 'True', reason: 'PodCompleted' });
  });

  it('computes π, as the documentation has it', async () => {
    const command = ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'];
    await cluster.apply('pi', { restartPolicy: 'Never', containers: [{ name: 'pi', image: 'perl:5.34.0', command }] });
    await cluster.until('pi', phaseIs('Succeeded'));
    const log = await cluster.logs('pi');
    expect(log).toMatch(/^3\.14159265358979323846264338327950288419716939937510582097494459230781640628620899/);
    expect(log).toHaveLength(2002);
  });

  it('sleeps an hour of cluster time', async () => {
    await cluster.apply('sleeper', { restartPolicy: 'Never', containers: [shell('sleep 1h')] });
    await cluster.until('sleeper', phaseIs('Running'));
    await cluster.advance(3_590_000);
    expect((await cluster.pod('sleeper')).status?.phase).toBe('Running');
    await cluster.advance(11_000);
    const { startedAt, finishedAt } = first(await cluster.pod('sleeper'))?.state?.terminated ?? {};
    expect(seconds(finishedAt) - seconds(startedAt)).toBe(3600);
  });
});

describe('a container that ends', () => {
  it.each([
    ['Always', 0, 'Running', true],
    ['Always', 1, 'Running', true],
    ['OnFailure', 0, 'Succeeded', false],
    ['OnFailure', 1, 'Running', true],
    ['Never', 0, 'Succeeded', false],
    ['Never', 1, 'Failed', false],
  ])('with policy %s and exit code %i: %s', async (restartPolicy, code, phase, restarts) => {
    await cluster.apply('p', { restartPolicy, containers: [shell(`exit ${code}`)] });
    await cluster.advance(9000);
    const pod = await cluster.pod('p');
    expect(pod.status?.phase).toBe(phase);
    expect((first(pod)?.restartCount ?? 0) > 0).toBe(restarts);
  });

  it('is restarted at once, then after 10 s doubling to 5 min', async () => {
    await cluster.apply('crash', { containers: [shell('echo run; exit 3', { imagePullPolicy: 'IfNotPresent' })] });
    const ends: number[] = [];
    const messages = new Set<string>();
    for (let restart = 0; restart < 9; restart++) {
      const pod = await cluster.until(
        'crash',
        (each) => first(each)?.restartCount === restart && first(each)?.state?.waiting?.reason !== 'ContainerCreating',
      );
      const ended = await cluster.until('crash', (each) => {
        const { state, lastState } = first(each) ?? {};
        messages.add(state?.waiting?.message?.replace(/ restarting.*/, '') ?? '');
        return (first(each)?.restartCount ?? 0) > restart || (lastState?.terminated !== undefined && restart > 8);
      });
      expect(pod.status?.phase).toBe('Running');
      ends.push(seconds(first(ended)?.lastState?.terminated?.finishedAt));
    }
    const gaps = ends.slice(1).map((end, index) => end - (ends[index] ?? 0));
    [0, 10, 20, 40, 80, 160, 300, 300].forEach((expected, index) => {
      expect(gaps[index], `gap ${index}`).toBeGreaterThanOrEqual(expected);
      expect(gaps[index], `gap ${index}`).toBeLessThan(expected + 3);
    });
    expect([...messages]).toEqual(
      expect.arrayContaining(['back-off 10s', 'back-off 1m20s', 'back-off 2m40s', 'back-off 5m0s']),
    );
    const pod = await cluster.until('crash', (each) => first(each)?.state?.waiting?.reason === 'CrashLoopBackOff');
    expect(first(pod)?.state?.waiting?.message).toBe(
      `back-off 5m0s restarting failed container=main pod=crash_default(${pod.metadata.uid})`,
    );
    expect(await cluster.logs('crash')).toBe('run\n');
    expect(await cluster.logs('crash', 'main', true)).toBe('run\n');
  });
});

describe('what cannot start', () => {
  it.each([
    [
      'nosuch/thing:1',
      'rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/nosuch/thing:1": failed to resolve reference "docker.io/nosuch/thing:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    [
      'nginx:9.9.9',
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:9.9.9": failed to resolve reference "docker.io/library/nginx:9.9.9": docker.io/library/nginx:9.9.9: not found',
    ],
    [
      'registry.example:5000/app',
      'rpc error: code = Unknown desc = failed to pull and unpack image "registry.example:5000/app:latest": failed to resolve reference "registry.example:5000/app:latest": failed to do request: Head "https://registry.example:5000/v2/app/manifests/latest": dial tcp: lookup registry.example: no such host',
    ],
  ])('image %s', async (image, fault) => {
    await cluster.apply('p', { containers: [{ name: 'main', image }] });
    const failed = await cluster.until('p', (pod) => first(pod)?.state?.waiting?.reason === 'ErrImagePull');
    expect(first(failed)?.state?.waiting?.message).toBe(fault);
    const backing = await cluster.until('p', (pod) => first(pod)?.state?.waiting?.reason === 'ImagePullBackOff');
    expect(first(backing)?.state?.waiting?.message).toBe(`Back-off pulling image "${image}": ErrImagePull: ${fault}`);
    expect((await cluster.eventsOf('p')).slice(1)).toEqual([
      `Pulling: Pulling image "${image}"`,
      `Failed: Failed to pull image "${image}": ${fault}`,
      'Failed: Error: ErrImagePull',
      `BackOff: Back-off pulling image "${image}"`,
      'Failed: Error: ImagePullBackOff',
    ]);
    await expect(cluster.logs('p')).rejects.toThrow(
      'container "main" in pod "p" is waiting to start: trying and failing to pull image',
    );
    await cluster.advance(35_000);
    expect(await cluster.eventsOf('p')).toContain(`Pulling: Pulling image "${image}" (x3)`);
  });

  it('an image that is never pulled and not there, and a name that is none', async () => {
    await cluster.apply('never', { containers: [{ name: 'main', image: 'redis', imagePullPolicy: 'Never' }] });
    await cluster.apply('bad', { containers: [{ name: 'main', image: 'Not:A:Name' }] });
    await cluster.advance(3000);
    expect(first(await cluster.pod('never'))?.state?.waiting).toEqual({
      reason: 'ErrImageNeverPull',
      message: 'Container image "redis" is not present with pull policy of Never',
    });
    expect(first(await cluster.pod('bad'))?.state?.waiting?.reason).toBe('InvalidImageName');
  });

  it('a command that is not there', async () => {
    await cluster.apply('p', { containers: [{ name: 'main', image: 'busybox:1.28', command: ['nope', 'x'] }] });
    const pod = await cluster.until('p', (each) => first(each)?.state?.waiting?.reason === 'RunContainerError');
    const message =
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nope": executable file not found in $PATH';
    expect(first(pod)?.state?.waiting?.message).toBe(message);
    expect(first(pod)?.lastState?.terminated).toMatchObject({ exitCode: 128, reason: 'StartError', message });
    await cluster.until('p', (each) => first(each)?.state?.waiting?.reason === 'CrashLoopBackOff');
  });

  it('a container without its ConfigMap, until that is made', async () => {
    const env = [{ name: 'GREETING', valueFrom: { configMapKeyRef: { name: 'settings', key: 'greeting' } } }];
    await cluster.apply('p', { restartPolicy: 'Never', containers: [shell('echo $GREETING', { env })] });
    const pod = await cluster.until(
      'p',
      (each) => first(each)?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(first(pod)?.state?.waiting?.message).toBe('configmap "settings" not found');
    expect(await cluster.eventsOf('p')).toContain('Failed: Error: configmap "settings" not found');
    await cluster.client.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { greeting: 'good day' },
    });
    await cluster.until('p', phaseIs('Succeeded'));
    expect(await cluster.logs('p')).toBe('good day\n');
  });

  it('a pod without its Secret volume', async () => {
    const volumes = [{ name: 'keys', secret: { secretName: 'keys' } }];
    const mounted = shell('cat /keys/one', { volumeMounts: [{ name: 'keys', mountPath: '/keys' }] });
    await cluster.apply('p', { restartPolicy: 'Never', volumes, containers: [mounted] });
    await cluster.advance(3000);
    expect(await cluster.eventsOf('p')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "keys" : secret "keys" not found',
    );
    await cluster.client.create(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'keys', namespace: 'default' },
      data: { one: Buffer.from('opener').toString('base64') },
    });
    await cluster.until('p', phaseIs('Succeeded'));
    expect(await cluster.logs('p')).toBe('opener');
  });

  it('a pod bound by hand to a node that is too small for it', async () => {
    await cluster.apply('big', {
      nodeName: 'worker-1',
      containers: [shell('sleep 1h', { resources: { requests: { cpu: '5' } } })],
    });
    const pod = await cluster.until('big', phaseIs('Failed'));
    expect(pod.status).toMatchObject({
      reason: 'OutOfcpu',
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000",
    });
  });
});

describe('containers in their order', () => {
  it('runs init containers one after another, before the others', async () => {
    const shared = { volumeMounts: [{ name: 'work', mountPath: '/work' }] };
    await cluster.apply('p', {
      restartPolicy: 'Never',
      volumes: [{ name: 'work', emptyDir: {} }],
      initContainers: [
        shell('sleep 3; echo one >> /work/log', { name: 'one', ...shared }),
        shell('echo two >> /work/log', { name: 'two', ...shared }),
      ],
      containers: [shell('cat /work/log', shared)],
    });
    const waiting = await cluster.until(
      'p',
      (pod) => pod.status?.initContainerStatuses?.[0]?.state?.running !== undefined,
    );
    expect(waiting.status?.phase).toBe('Pending');
    expect(first(waiting)?.state?.waiting?.reason).toBe('PodInitializing');
    expect(condition(waiting, 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [one two]',
    });
    await cluster.until('p', phaseIs('Succeeded'));
    expect(await cluster.logs('p')).toBe('one\ntwo\n');
  });

  it('fails for good when an init container does and may not be restarted', async () => {
    await cluster.apply('p', {
      restartPolicy: 'Never',
      initContainers: [shell('exit 2', { name: 'i' })],
      containers: [shell('echo x')],
    });
    const pod = await cluster.until('p', phaseIs('Failed'));
    expect(first(pod)?.state?.waiting?.reason).toBe('PodInitializing');
  });

  it('keeps a sidecar running beside the others, and ends it after them', async () => {
    const sidecar = shell('trap "exit 0" TERM; while true; do sleep 1; done', {
      name: 'side',
      restartPolicy: 'Always',
    });
    await cluster.apply('p', { restartPolicy: 'Never', initContainers: [sidecar], containers: [shell('sleep 20')] });
    const running = await cluster.until('p', phaseIs('Running'));
    expect(running.status?.initContainerStatuses?.[0]).toMatchObject({ started: true, ready: true });
    await cluster.advance(25_000);
    const pod = await cluster.pod('p');
    expect(pod.status?.phase).toBe('Succeeded');
    expect(pod.status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
  });
});

describe('probes', () => {
  it('make a server ready when it answers', async () => {
    const readinessProbe = { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 5, periodSeconds: 5 };
    await cluster.apply('p', { containers: [{ name: 'main', image: 'nginx', readinessProbe }] });
    const running = await cluster.until('p', phaseIs('Running'));
    expect(condition(running, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
    });
    const ready = await cluster.until('p', (pod) => first(pod)?.ready === true);
    const started = seconds(first(ready)?.state?.running?.startedAt);
    expect(seconds(condition(ready, 'Ready')?.lastTransitionTime) - started).toBeGreaterThanOrEqual(4);
    expect(await cluster.logs('p')).toContain('"GET / HTTP/1.1" 200');
  });

  it('restart a container that has stopped answering', async () => {
    const livenessProbe = { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 };
    const script =
      'trap "exit 143" TERM; touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; while true; do sleep 1; done';
    await cluster.apply('p', { containers: [shell(script, { livenessProbe })] });
    const pod = await cluster.until('p', (each) => first(each)?.restartCount === 1);
    expect(first(pod)?.lastState?.terminated?.exitCode).toBe(143);
    const events = await cluster.eventsOf('p');
    expect(events).toContain(
      "Unhealthy: Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n (x3)",
    );
    expect(events).toContain('Killing: Container main failed liveness probe, will be restarted');
  });

  it('hold back until the startup probe has passed', async () => {
    const startupProbe = { exec: { command: ['test', '-f', '/tmp/up'] }, periodSeconds: 1, failureThreshold: 30 };
    await cluster.apply('p', { containers: [shell('sleep 8; touch /tmp/up; sleep 1h', { startupProbe })] });
    const running = await cluster.until('p', phaseIs('Running'));
    expect(first(running)).toMatchObject({ started: false, ready: false });
    const up = await cluster.until('p', (pod) => first(pod)?.started === true);
    expect(first(up)?.ready).toBe(true);
  });
});

describe('a pod that is deleted', () => {
  const deleteAndTime = async (grace?: number): Promise<number> => {
    const before = cluster.clock.now();
    await cluster.client.delete(pods, 'default', 'p', grace === undefined ? {} : { gracePeriodSeconds: grace });
    await cluster.clock.until(() => gone('p'), 120_000);
    return (cluster.clock.now() - before) / 1000;
  };

  it('goes as soon as its server has shut down', async () => {
    await cluster.apply('p', { containers: [{ name: 'nginx', image: 'nginx' }] });
    await cluster.until('p', phaseIs('Running'));
    expect(await deleteAndTime()).toBeLessThan(2);
    expect(await cluster.eventsOf('p')).toContain('Killing: Stopping container nginx');
  });

  it('takes its whole grace when its first process does not listen to signals', async () => {
    await cluster.apply('p', { containers: [shell('sleep 1h')] });
    await cluster.until('p', phaseIs('Running'));
    expect(await deleteAndTime()).toBeCloseTo(30, 0);
  });

  it('takes the shorter grace that it was given', async () => {
    await cluster.apply('p', { containers: [shell('sleep 1h')] });
    await cluster.until('p', phaseIs('Running'));
    expect(await deleteAndTime(5)).toBeCloseTo(5, 0);
  });

  it('gives its address back', async () => {
    await cluster.apply('p', { hostNetwork: false, containers: [shell('sleep 1h')] });
    await cluster.until('p', phaseIs('Running'));
    await deleteAndTime(1);
    await cluster.apply('next', { containers: [shell('sleep 1h')] });
    expect((await cluster.until('next', phaseIs('Running'))).status?.podIP).toBe('10.244.1.3');
  });

  it('goes while it still waits for its image', async () => {
    await cluster.apply('p', { containers: [{ name: 'main', image: 'nosuch/thing' }] });
    await cluster.until('p', (pod) => first(pod)?.state?.waiting?.reason === 'ImagePullBackOff');
    expect(await deleteAndTime()).toBeLessThan(2);
  });
});

describe('the security context', () => {
  it('says whose the process and its files are', async () => {
    const script = 'id; cd /data/demo; echo hello > testfile; ls -l; ls -ld /data/demo; echo x > /etc/x';
    await cluster.apply('p', {
      restartPolicy: 'Never',
      securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 },
      volumes: [{ name: 'vol', emptyDir: {} }],
      containers: [shell(script, { volumeMounts: [{ name: 'vol', mountPath: '/data/demo' }] })],
    });
    await cluster.until('p', phaseIs('Failed'));
    const [id, total, file, directory, refused] = (await cluster.logs('p')).split('\n');
    expect(id).toBe('uid=1000 gid=3000 groups=2000,3000');
    expect(total).toBe('total 4');
    expect(file).toMatch(/^-rw-r--r-- +1 1000 +2000 +6 Jan {2}1 00:00 testfile$/);
    expect(directory).toMatch(/^drwxrwsrwx +2 root +2000 +4096 Jan {2}1 00:00 \/data\/demo$/);
    expect(refused).toBe("sh: can't create /etc/x: Permission denied");
  });

  it('keeps root out where it must not be', async () => {
    await cluster.apply('p', { securityContext: { runAsNonRoot: true }, containers: [shell('id')] });
    const pod = await cluster.until(
      'p',
      (each) => first(each)?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(first(pod)?.state?.waiting?.message).toBe(
      `container has runAsNonRoot and image will run as root (pod: "p_default(${pod.metadata.uid})", container: main)`,
    );
  });
});
