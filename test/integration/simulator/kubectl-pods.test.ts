import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientsAvailable } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';
import { temporaryFolder } from '../../support/paths';

describe.skipIf(!clientsAvailable)('kubectl with pods that run', () => {
  const { kubectl, said, start } = liveCluster();

  beforeAll(async () => {
    await kubectl('create deployment web --image=nginx --replicas=2');
    await kubectl("run p --image=busybox --labels=app=p -- sh -c 'echo one; echo two; echo err >&2; sleep 100000'");
    await kubectl('rollout status deployment/web --timeout=30s');
    await kubectl('wait --for=condition=Ready pod/p --timeout=30s');
  }, 120_000);

  it('shows them, and follows them', async () => {
    expect(await kubectl('get pods -l app=web')).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE\n(web-\w+-\w{5} +1\/1 +Running +0 +\S+\n){2}$/,
    );
    expect(await kubectl('get pods p -o wide')).toMatch(
      /^NAME .* IP +NODE +NOMINATED NODE +READINESS GATES\np +1\/1 +Running +0 +\S+ +10\.244\.\d\.\d+ +worker-\d +<none> +<none>\n$/,
    );
    expect(await kubectl("get pods -A --field-selector=status.phase!=Running -o 'jsonpath={.items}'")).toBe('[]');
    const all = start('get pods --watch');
    const changes = start('get pods -l app=w --watch-only --output-watch-events -v=6');
    await all.prints(/^p +1\/1 +Running/m);
    await changes.prints(/watch=true/);
    await kubectl('run w --image=nginx --labels=app=w');
    await all.prints(/^w +0\/1 +Pending[\s\S]*\nw +0\/1 +ContainerCreating[\s\S]*\nw +1\/1 +Running/m);
    await kubectl('delete pod w --now');
    await changes.prints(/^ADDED +w +0\/1 +Pending[\s\S]*\nMODIFIED +w +1\/1 +Running[\s\S]*\nDELETED +w/m);
    await all.stop();
    await changes.stop();
  });

  it('prints what their containers have written, by every option', async () => {
    expect(await kubectl('logs p')).toBe('one\ntwo\nerr\n');
    expect(await kubectl('logs p --tail=1')).toBe('err\n');
    expect(await kubectl('logs p --limit-bytes=3')).toBe('one');
    expect(await kubectl('logs p --since=100h')).toBe('one\ntwo\nerr\n');
    expect(await kubectl('logs p --since-time=2100-01-01T00:00:00Z')).toBe('');
    expect(await kubectl('logs p --timestamps --tail=1')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z err\n$/);
    expect(await kubectl('logs p --prefix --tail=1')).toBe('[pod/p/p] err\n');
    expect(await kubectl('logs -l app=web --prefix --tail=1')).toMatch(
      /^(\[pod\/web-\w+-\w{5}\/nginx\] .* start worker processes\n){2}$/,
    );
    expect(await said('logs deployment/web --all-containers')).toMatch(/Found 2 pods, using pod\/web-/);
    expect((await kubectl('logs deployment/web --all-pods --tail=1')).split('\n')).toHaveLength(3);
    expect(await said('logs p -c nope')).toBe('error: container nope is not valid for pod p\n');
    expect(await said('logs p --previous')).toBe(
      'Error from server (BadRequest): previous terminated container "p" in pod "p" not found\n',
    );
    const following = start('logs -f p --tail=1');
    await following.prints(/^err\n$/);
    await following.stop();
  });

  it('runs commands in them, and copies', async () => {
    expect(await kubectl('exec p -- echo hi')).toBe('hi\n');
    expect(await kubectl('exec deployment/web -- hostname')).toMatch(/^web-\w+-\w{5}\n$/);
    expect(await kubectl('exec -i p -- cat', 'typed\n')).toBe('typed\n');
    expect(await said('exec p -c nope -- date')).toContain('container nope is not valid for pod p');
    expect(await said('exec nobody -- date')).toBe('Error from server (NotFound): pods "nobody" not found\n');
    expect(await said('exec p -- nope')).toContain('executable file not found in $PATH');
    const folder = await temporaryFolder('walk');
    await writeFile(join(folder.path, 'there'), 'there and back\n');
    await kubectl(`cp ${folder.path}/there p:/tmp/there`);
    await kubectl(`cp -c p default/p:/tmp/there ${folder.path}/back`);
    expect(await readFile(join(folder.path, 'back'), 'utf8')).toBe('there and back\n');
    await folder.remove();
  });

  it('debugs a copy of a pod, and a node', async () => {
    await kubectl('debug p --copy-to=copy --set-image=p=busybox:1.36 --share-processes --profile=general');
    expect(await kubectl("get pod copy -o 'jsonpath={.spec.shareProcessNamespace} {.spec.containers[*].image}'")).toBe(
      'true busybox:1.36',
    );
    const made = await said('debug node/worker-1 --image=busybox --profile=sysadmin -- ls /');
    const [, pod] = /Creating debugging pod (node-debugger-worker-1-\w{5}) with container debugger/.exec(made) ?? [];
    await kubectl(`wait --for=jsonpath={.status.phase}=Succeeded pod/${pod} --timeout=30s`);
    expect(
      await kubectl(`get pod ${pod} -o 'jsonpath={.spec.nodeName} {.spec.hostPID} {..securityContext.privileged}'`),
    ).toBe('worker-1 true true');
    await kubectl(`delete pod copy ${pod} --now`);
  });

  it('adds an ephemeral container', async () => {
    await said('debug p --image=busybox --target=p -c look --profile=general -- sleep 100');
    expect(JSON.parse(await kubectl("get pod p -o 'jsonpath={.spec.ephemeralContainers[0]}'"))).toMatchObject({
      name: 'look',
      image: 'busybox',
      targetContainerName: 'p',
      command: ['sleep', '100'],
    });
    expect(await kubectl('describe pod p')).toMatch(/Ephemeral Containers:\n {2}look:\n/);
  });

  it('tells what happened to them', async () => {
    expect(await kubectl('events --for pod/p')).toMatch(
      /Normal +Scheduled +Pod\/p +Successfully assigned default\/p to/,
    );
    expect(await said('events --types=Warning --for pod/p')).toBe('No events found in default namespace.\n');
    expect(
      await kubectl("get events --field-selector involvedObject.name=p,reason=Started -o 'jsonpath={.items[*].type}'"),
    ).toBe('Normal');
    expect(await kubectl('describe pod p')).toMatch(
      /\nStatus: +Running\nIP: +10\.[\s\S]*\n {2}PodScheduled +True[\s\S]*QoS Class: +BestEffort\n[\s\S]*\n {2}Normal +Started +\S+ +kubelet /,
    );
  });

  it('waits for what is to come of them', async () => {
    await kubectl('run brief --image=busybox --restart=Never -- sh -c true');
    expect(await kubectl('wait --for=jsonpath={.status.phase}=Succeeded pod/brief --timeout=30s')).toBe(
      'pod/brief condition met\n',
    );
    await kubectl(`patch pod brief -p '{"metadata":{"finalizers":["example.com/kept"]}}'`);
    expect(await kubectl('delete pod brief --wait=false')).toBe('pod "brief" deleted from default namespace\n');
    const gone = start('wait --for=delete pod/brief --timeout=30s -v=6');
    await gone.prints(/watch=true/);
    await kubectl(`patch pod brief -p '{"metadata":{"finalizers":null}}'`);
    await gone.prints(/^pod\/brief condition met$/m);
    await gone.stop();
  });
});
