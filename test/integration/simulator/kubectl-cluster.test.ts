import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientsAvailable } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';
import { temporaryFolder } from '../../support/paths';

describe.skipIf(!clientsAvailable)('kubectl with the cluster as a whole', () => {
  const { kubectl, said, start } = liveCluster();

  it('tells of the nodes', async () => {
    expect(await kubectl('get nodes')).toMatch(
      /^NAME +STATUS +ROLES +AGE +VERSION\ncontrol-plane +Ready +control-plane +\S+ +v1\.35\.\d+\n(worker-\d +Ready +<none> +\S+ +v1\.35\.\d+\n){3}$/,
    );
    expect(await kubectl('get nodes -L topology.kubernetes.io/zone --no-headers')).toMatch(
      /^(\S+ +Ready .* europe-west1-\w\n){4}$/,
    );
    const described = await kubectl('describe node worker-1');
    expect(described).toMatch(/\n {2}Ready +True +.* KubeletReady +kubelet is posting ready status\n/);
    expect(described).toMatch(/\nAllocated resources:\n[\s\S]*\n {2}cpu +\d+m? \(\d+%\)/);
    expect(described).toMatch(/\n {2}Normal +NodeReady +\S+ +kubelet +Node worker-1 status is now: NodeReady\n/);
  });

  it('empties a node, and keeps others off it', async () => {
    await kubectl('create deployment web --image=nginx --replicas=3');
    await kubectl('rollout status deployment/web --timeout=30s');
    const node = await kubectl("get pods -l app=web -o 'jsonpath={.items[0].spec.nodeName}'");
    const there = `get pods --field-selector spec.nodeName=${node} -o name`;
    const before = await kubectl(there);
    expect(before).toMatch(/^pod\/web-/);
    expect(await said(`drain ${node}`)).toMatch(
      /cannot delete DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\): kube-system\/kube-proxy-/,
    );
    expect(await said(`drain ${node} --ignore-daemonsets --dry-run=server`)).toMatch(
      new RegExp(`node/${node} drained \\(server dry run\\)`),
    );
    expect(await kubectl(there)).toBe(before);
    expect(await kubectl(`drain ${node} --ignore-daemonsets --timeout=40s`)).toMatch(
      new RegExp(`\\npod/web-\\S+ evicted\\n[^]*node/${node} drained\\n$`),
    );
    expect(await kubectl(`get node ${node}`)).toMatch(/\nworker-\d +Ready,SchedulingDisabled /);
    expect(await kubectl(there)).toBe('');
    expect(await kubectl(`uncordon ${node}`)).toBe(`node/${node} uncordoned\n`);
    expect(await kubectl('taint nodes worker-1 only=me:NoExecute')).toBe('node/worker-1 tainted\n');
    expect(await kubectl('describe node worker-1')).toMatch(/\nTaints: +only=me:NoExecute\n/);
    expect(await kubectl('taint nodes worker-1 only-')).toBe('node/worker-1 untainted\n');
  });

  it('says who one is, and what one may do', async () => {
    expect(await kubectl('auth whoami')).toMatch(/^ATTRIBUTE +VALUE\nUsername +kubernetes-admin\nGroups +\[/);
    expect(await kubectl("auth can-i '*' '*'")).toBe('yes\n');
    expect(await said('auth can-i list secrets --as=system:serviceaccount:default:default')).toBe('no\n');
  });

  it('explains the kinds', async () => {
    expect(await kubectl('explain pods')).toMatch(
      /^KIND: +Pod\nVERSION: +v1\n\nDESCRIPTION:\n {4}Pod is a collection of containers that can run on a host\./,
    );
    expect(await kubectl('explain deployment.spec.replicas')).toMatch(
      /^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n\nFIELD: replicas <integer>\n/,
    );
    expect(await kubectl('explain hpa --api-version=autoscaling/v1')).toMatch(
      /^GROUP: +autoscaling\nKIND: +HorizontalPodAutoscaler\nVERSION: +v1\n/,
    );
    expect(await kubectl('explain cronjob --recursive')).toMatch(/\n {12}containers\t<\[\]Container> -required-\n/);
    expect(await kubectl('explain services --output=plaintext-openapiv2')).toMatch(/^KIND: +Service\nVERSION: +v1\n/);
    expect(await said('explain pod.spec.nope')).toMatch(/error: field "nope" does not exist\n$/);
  });

  it('dumps all that there is', async () => {
    const folder = await temporaryFolder('dump');
    expect(await kubectl(`cluster-info dump --all-namespaces --output-directory=${folder.path}`)).toBe(
      `Cluster info dumped to ${folder.path}\n`,
    );
    expect(await readdir(join(folder.path, 'kube-system'))).toEqual(
      expect.arrayContaining(['deployments.json', 'events.json', 'pods.json', 'etcd-control-plane']),
    );
    await folder.remove();
  });

  it('opens the API on a port of its own', async () => {
    const port = await freePort();
    const proxy = start(`proxy --port=${port} --reject-methods=DELETE`);
    await proxy.prints(/Starting to serve on 127\.0\.0\.1:\d+/);
    const url = `http://127.0.0.1:${port}/api/v1/nodes/worker-1`;
    expect(await (await fetch(url)).json()).toMatchObject({ kind: 'Node', metadata: { name: 'worker-1' } });
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    await proxy.stop();
  });

  it('follows what happens', async () => {
    const watched = start('events --watch --for deployment/web');
    await kubectl('scale deployment/web --replicas=4');
    await watched.prints(/Normal +ScalingReplicaSet +Deployment\/web +Scaled up replica set web-\w+ from 3 to 4/);
    await watched.stop();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
