import { describe, expect, it } from 'vitest';
import { clientsAvailable } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';

// In order: each test finds what those before it have made.
describe.skipIf(!clientsAvailable)('kubectl with workloads that roll out', () => {
  const { kubectl, said } = liveCluster(20);
  const rolled = () => kubectl('rollout status deployment/web --timeout=40s');

  it('rolls out, and tells of every revision', async () => {
    await kubectl('create deployment web --image=nginx:1.27 --replicas=2');
    expect(await rolled()).toMatch(/deployment "web" successfully rolled out\n$/);
    await kubectl('annotate deployment/web kubernetes.io/change-cause=second');
    await kubectl('set image deployment/web nginx=nginx:1.28');
    await rolled();
    expect(await kubectl('rollout history deployment/web')).toMatch(
      /^deployment.apps\/web \nREVISION +CHANGE-CAUSE\n1 +\S+\n2 +second\n\n$/,
    );
    expect(await kubectl('rollout history deployment/web --revision=1')).toMatch(
      /^deployment.apps\/web with revision #1\nPod Template:\n {2}Labels:\tapp=web\n\tpod-template-hash=\w+\n[\s\S]* {4}Image:\tnginx:1\.27\n/,
    );
  });

  it('undoes, pauses, resumes and restarts', async () => {
    expect(await kubectl('rollout undo deployment/web --to-revision=1 --dry-run=server')).toMatch(
      /rolled back \(server dry run\)/,
    );
    expect(await kubectl('rollout undo deployment/web --to-revision=1')).toBe('deployment.apps/web rolled back\n');
    await rolled();
    expect(await kubectl("get deployment web -o 'jsonpath={..image}'")).toBe('nginx:1.27');
    expect(await said('rollout undo deployment/web --to-revision=9')).toBe(
      'error: unable to find specified revision 9 in history\n',
    );
    await kubectl('rollout pause deployment/web');
    await kubectl('set env deployment/web A=1');
    expect(await kubectl('get replicasets -l app=web -o name')).toMatch(/^(replicaset.apps\/web-\w+\n){2}$/);
    expect(await kubectl('rollout resume deployment/web')).toBe('deployment.apps/web resumed\n');
    await rolled();
    expect(await kubectl('get replicasets -l app=web -o name')).toMatch(/^(replicaset.apps\/web-\w+\n){3}$/);
    expect(await kubectl('rollout restart deployment/web')).toBe('deployment.apps/web restarted\n');
    expect(await rolled()).toContain('successfully rolled out');
  });

  it('rolls daemon sets and stateful sets too', async () => {
    expect(await kubectl('rollout restart daemonset/kube-proxy -n kube-system')).toBe(
      'daemonset.apps/kube-proxy restarted\n',
    );
    expect(await kubectl('rollout status daemonset/kube-proxy -n kube-system --timeout=50s')).toMatch(
      /daemon set "kube-proxy" successfully rolled out\n$/,
    );
    expect(await kubectl('rollout history daemonset/kube-proxy -n kube-system')).toMatch(/\n1 +<none>\n2 +<none>\n/);
    await kubectl('apply -f -', STATEFUL_SET);
    expect(await kubectl('rollout status statefulset/db --timeout=50s')).toContain(
      'partitioned roll out complete: 2 new pods',
    );
    expect(await kubectl('get statefulset db -o wide')).toMatch(/\ndb +2\/2 +\S+ +db +nginx\n$/);
    await kubectl('set image statefulset/db db=redis');
    await kubectl('rollout status statefulset/db --timeout=50s');
    expect(await kubectl("get pod db-1 -o 'jsonpath={.spec.containers[0].image}'")).toBe('redis');
    expect(await kubectl("get pod db-0 -o 'jsonpath={..image}'")).toContain('nginx');
    expect(await kubectl('rollout history statefulset/db --revision=2')).toMatch(
      / with revision #2\n[\s\S]* Image:\tredis\n/,
    );
    expect(await kubectl('rollout undo statefulset/db')).toBe('statefulset.apps/db rolled back\n');
    await kubectl('rollout status statefulset/db --timeout=50s');
    expect(await kubectl("get pod db-1 -o 'jsonpath={.spec.containers[0].image}'")).toBe('nginx');
    expect(await kubectl('rollout undo daemonset/kube-proxy -n kube-system --to-revision=1')).toBe(
      'daemonset.apps/kube-proxy rolled back\n',
    );
    await kubectl('rollout status daemonset/kube-proxy -n kube-system --timeout=50s');
    expect(await kubectl('rollout history daemonset/kube-proxy -n kube-system')).toMatch(/\n2 +<none>\n3 +<none>\n/);
  });

  it('scales, and waits for it', async () => {
    expect(await said('scale deployment/web --current-replicas=7 --replicas=3')).toBe(
      'error: Expected replicas to be 7, was 2\n',
    );
    expect(await kubectl('scale deployment/web --current-replicas=2 --replicas=3 --timeout=30s')).toBe(
      'deployment.apps/web scaled\n',
    );
    await kubectl('wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=30s');
    expect(await kubectl('describe deployment web')).toMatch(
      /\nReplicas: +3 desired \| 3 updated \| 3 total \| 3 available \| 0 unavailable\n[\s\S]*\n {2}Available +True +MinimumReplicasAvailable\n[\s\S]*\n {2}Normal +ScalingReplicaSet +\S+( \(x\d+ over \S+\))? +deployment-controller +Scaled up replica set web-/,
    );
  });

  it('exposes, and tells of the endpoints', async () => {
    expect(await kubectl('expose deployment web --port=80 --name=front')).toBe('service/front exposed\n');
    await kubectl(
      'wait --for=jsonpath={.endpoints[2].conditions.ready}=true endpointslice -l kubernetes.io/service-name=front --timeout=30s',
    );
    expect(await kubectl('describe service front')).toMatch(
      /\nEndpoints: +10\.244\.\S+:80,10\.244\.\S+:80,10\.244\.\S+:80\n/,
    );
    expect(await kubectl('get endpointslices -l kubernetes.io/service-name=front')).toMatch(
      /\nfront-\w{5} +IPv4 +80 +10\./,
    );
  });

  it('runs jobs and cron jobs', async () => {
    await kubectl('create job hi --image=busybox -- echo hi');
    expect(await kubectl('wait --for=condition=Complete job/hi --timeout=30s')).toBe('job.batch/hi condition met\n');
    expect(await kubectl('logs job/hi')).toBe('hi\n');
    await kubectl("create cronjob often --image=busybox --schedule='0 0 1 1 *' -- date");
    await kubectl('create job now --from=cronjob/often');
    await kubectl('wait --for=condition=Complete job/now --timeout=30s');
    expect(await kubectl('describe job now')).toMatch(
      /\nControlled By: +CronJob\/often\n[\s\S]*\nPods Statuses: +0 Active \(0 Ready\) \/ 1 Succeeded \/ 0 Failed\n/,
    );
    expect(await kubectl('get cronjob often')).toMatch(/\noften +0 0 1 1 \* +<none> +False +0 +<none> +\S+\n$/);
  });

  it('deletes in every cascade', async () => {
    await kubectl('delete statefulset db --cascade=orphan');
    expect(await kubectl('get pods -l app=db -o name')).toBe('pod/db-0\npod/db-1\n');
    await kubectl('delete pods -l app=db --now');
    expect(await kubectl('delete deployment web --cascade=foreground')).toBe(
      'deployment.apps "web" deleted from default namespace\n',
    );
    expect(await kubectl('get replicasets,pods -l app=web -o name')).toBe('');
    await kubectl('delete job,cronjob --all');
    await kubectl('wait --for=delete pods --all --timeout=30s');
    await kubectl('delete service front');
    expect(await kubectl('get all -o name')).toBe('service/kubernetes\n');
  });

  it('deletes a namespace with all that is in it', async () => {
    await kubectl('create namespace gone');
    await kubectl('create deployment web --image=nginx -n gone');
    await kubectl('rollout status deployment/web -n gone --timeout=30s');
    expect(await kubectl('delete namespace gone --timeout=50s')).toBe('namespace "gone" deleted\n');
    expect(await said('get all -n gone')).toBe('No resources found in gone namespace.\n');
  });
});

const STATEFUL_SET = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 2
  serviceName: db
  updateStrategy: { rollingUpdate: { partition: 1 } }
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: nginx }] }
`;
