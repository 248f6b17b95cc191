import { describe, expect, it } from 'vitest';
import { clientsAvailable } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';

const deployment = (name: string, spec: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: 'nginx:1.29' }] }
${spec}
`;

/** A pod is ready for as long as it has a file. */
const DATABASE = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: main
          image: busybox:1.36
          command: [sh, -c, 'touch /tmp/well; sleep 1000000']
          readinessProbe: { exec: { command: [cat, /tmp/well] }, periodSeconds: 1, failureThreshold: 1 }
`;

const job = (name: string, spec: string, command: string) => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
${spec}
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: 'busybox:1.36', command: [sh, -c, '${command}'] }]
`;

const QUOTA = `
apiVersion: v1
kind: ResourceQuota
metadata: { name: few }
spec: { hard: { pods: '2' } }
`;

describe.skipIf(!clientsAvailable)('what goes wrong with workloads, as kubectl tells it', () => {
  const { kubectl, said } = liveCluster(60);

  it('a rollout that is stuck says so, keeps what works, and is undone', async () => {
    await kubectl('apply -f -', deployment('web', '  replicas: 3\n  progressDeadlineSeconds: 300'));
    await kubectl('rollout status deployment/web --timeout=60s');
    await kubectl('set image deployment/web main=nginx:of-nobody');
    expect(await said('rollout status deployment/web --timeout=60s')).toContain(
      'error: deployment "web" exceeded its progress deadline',
    );
    const description = await kubectl('describe deployment web');
    expect(description).toMatch(/Progressing +False +ProgressDeadlineExceeded/);
    expect(description).toMatch(/Available +True +MinimumReplicasAvailable/);
    expect(await kubectl("get deployment web -o jsonpath='{.status.availableReplicas}'")).toBe('3');
    expect(await kubectl('get pods -l app=web')).toMatch(/ImagePullBackOff|ErrImagePull/);
    await kubectl('rollout undo deployment/web');
    expect(await kubectl('rollout status deployment/web --timeout=60s')).toContain('successfully rolled out');
    expect(await kubectl('describe deployment web')).toMatch(/Progressing +True +NewReplicaSetAvailable/);
  });

  it('a job fails for good once its limit is reached, and says why', async () => {
    await kubectl('apply -f -', job('limited', '  backoffLimit: 1', 'exit 3'));
    await kubectl('wait job/limited --for=condition=Failed --timeout=60s');
    const description = await kubectl('describe job limited');
    expect(description).toMatch(/Pods Statuses: +0 Active \(0 Ready\) \/ 0 Succeeded \/ 2 Failed/);
    expect(description).toMatch(/Warning +BackoffLimitExceeded .* Job has reached the specified backoff limit/);
    expect(await kubectl('get job limited')).toMatch(/limited +Failed +0\/1/);
  });

  it('a job gives up one index, and does the others', async () => {
    const spec = '  completions: 3\n  parallelism: 3\n  completionMode: Indexed\n  backoffLimitPerIndex: 1';
    await kubectl('apply -f -', job('indexed', spec, 'test $JOB_COMPLETION_INDEX != 1'));
    await kubectl('wait job/indexed --for=condition=Failed --timeout=60s');
    const description = await kubectl('describe job indexed');
    expect(description).toMatch(/Completed Indexes: +0,2/);
    expect(await kubectl("get job indexed -o jsonpath='{.status.failedIndexes}'")).toBe('1');
    expect(description).toMatch(/Warning +FailedIndexes .* Job has failed indexes/);
  });

  it('a cron job that slept through more than a hundred times starts once, and says so', async () => {
    const create = "create cronjob late --image=busybox:1.36 --schedule='* * * * *' --dry-run=client -o json -- true";
    const cron = JSON.parse(await kubectl(create));
    cron.spec.suspend = true;
    await kubectl('create -f -', JSON.stringify(cron));
    const now = Date.parse((await kubectl("get cronjob late -o jsonpath='{.metadata.creationTimestamp}'")).trim());
    const later = new Date(now + 3 * 3_600_000).toISOString();
    await kubectl(`patch clock cluster --type merge -p '{"spec":{"advanceTo":"${later}"}}'`);
    const generation = await kubectl("get clock cluster -o jsonpath='{.metadata.generation}'");
    await kubectl(`wait clock/cluster --for=jsonpath='{.status.observedGeneration}'=${generation} --timeout=60s`);
    await kubectl(`patch cronjob late -p '{"spec":{"suspend":false}}'`);
    await kubectl("wait cronjob/late --for=jsonpath='{.status.lastScheduleTime}' --timeout=60s");
    expect(await kubectl('describe cronjob late')).toMatch(
      /Warning +TooManyMissedTimes .* too many missed start times\. Set or decrease \.spec\.startingDeadlineSeconds or check clock skew/,
    );
    await kubectl('delete cronjob late');
  });

  it('a quota stops a replica set, until it is raised', async () => {
    await kubectl('create namespace small');
    await kubectl('apply -n small -f -', QUOTA);
    await kubectl('apply -n small -f -', deployment('web', '  replicas: 3\n  progressDeadlineSeconds: 100000'));
    await kubectl("wait -n small deployment/web --for=jsonpath='{.status.availableReplicas}'=2 --timeout=60s");
    expect(await kubectl('describe -n small replicaset -l app=web')).toMatch(
      /Warning +FailedCreate .* pods "web-\S+" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2/,
    );
    expect(await kubectl('describe -n small deployment web')).toMatch(/ReplicaFailure +True +FailedCreate/);
    await kubectl(`patch -n small quota few -p '{"spec":{"hard":{"pods":"5"}}}'`);
    await kubectl('rollout status -n small deployment/web --timeout=60s');
    expect(await kubectl('describe -n small deployment web')).not.toContain('ReplicaFailure');
  });

  it('a stateful set whose middle pod breaks makes no further ones until that is well again', async () => {
    await kubectl('apply -f -', DATABASE);
    await kubectl('rollout status statefulset/db --timeout=60s');
    await kubectl('exec db-1 -- rm /tmp/well');
    await kubectl('wait pod/db-1 --for=condition=Ready=False --timeout=60s');
    await kubectl('scale statefulset db --replicas=4');
    await kubectl("wait statefulset/db --for=jsonpath='{.status.observedGeneration}'=2 --timeout=60s");
    // Time for a pod that must not come.
    await kubectl('wait pod/db-1 --for=condition=Ready --timeout=1s').catch(() => '');
    expect(await said('get pod db-3')).toContain('pods "db-3" not found');
    expect(await kubectl('get statefulset db')).toMatch(/db +2\/4/);
    await kubectl('exec db-1 -- touch /tmp/well');
    await kubectl('rollout status statefulset/db --timeout=60s');
    expect(await kubectl('get statefulset db')).toMatch(/db +4\/4/);
  });

  it('a budget stops a drain, and lets it go on when there is room', async () => {
    await kubectl('apply -f -', deployment('shop', '  replicas: 2'));
    await kubectl('rollout status deployment/shop --timeout=60s');
    await kubectl('create poddisruptionbudget shop --selector=app=shop --min-available=2');
    await kubectl("wait poddisruptionbudget/shop --for=jsonpath='{.status.currentHealthy}'=2 --timeout=60s");
    const node = await kubectl("get pods -l app=shop -o jsonpath='{.items[0].spec.nodeName}'");
    const drain = `drain ${node} --ignore-daemonsets --force --delete-emptydir-data`;
    expect(await said(`${drain} --timeout=2s`)).toContain(
      "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    await kubectl('scale deployment shop --replicas=3');
    await kubectl('rollout status deployment/shop --timeout=60s');
    expect(await kubectl(`${drain} --timeout=60s`)).toContain(`node/${node} drained`);
    await kubectl(`uncordon ${node}`);
  });
});
