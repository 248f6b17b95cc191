import { describe, expect, it } from 'vitest';
import { builtInDefinitions } from '../../../../electron/simulator/apiserver/strategies';
import { defaulted, definitionOf, type Sketch } from './kinds';

const created = '2026-01-01T00:00:00Z';
const now = Date.parse('2026-01-01T00:05:30Z');

/** A kind's row, as `kubectl get` prints it: the columns' heads and the cells, wide ones after a bar. */
function row(kind: string, fields: Sketch): string {
  const { printer } = definitionOf(kind);
  const object = defaulted(kind, {
    ...fields,
    metadata: { creationTimestamp: created, ...(fields.metadata as object) },
  });
  const cells = printer.cells(object, now);
  // Upstream gives the age of an IPAddress in a column that it does not announce.
  expect(cells).toHaveLength(printer.columns.length + (kind === 'IPAddress' ? 1 : 0));
  const chosen = (wide: boolean) =>
    printer.columns.flatMap(({ name, priority }, index) =>
      (priority ?? 0) > 0 === wide ? [`${name.toUpperCase()}=${cells[index]}`] : [],
    );
  return [chosen(false).join(' '), ...(chosen(true).length > 0 ? [chosen(true).join(' ')] : [])].join(' | ');
}

const spec = (more: Sketch = {}) => ({
  selector: { matchLabels: { app: 'a' } },
  template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } },
  ...more,
});

describe('what kubectl get shows', () => {
  it.each<[string, Sketch, string]>([
    [
      'Pod',
      {
        spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] },
        status: {
          phase: 'Running',
          podIP: '10.1.0.5',
          podIPs: [{ ip: '10.1.0.5' }],
          containerStatuses: [
            {
              name: 'c',
              ready: true,
              restartCount: 3,
              state: { running: {} },
              lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:03:30Z' } },
            },
          ],
        },
      },
      'NAME=x READY=1/1 STATUS=Running RESTARTS=3 (2m ago) AGE=5m30s | IP=10.1.0.5 NODE=n1 NOMINATED NODE=<none> READINESS GATES=<none>',
    ],
    [
      'Node',
      {
        metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
          nodeInfo: {
            kubeletVersion: 'v1.35.2',
            osImage: 'Debian',
            kernelVersion: '6.1',
            containerRuntimeVersion: 'containerd://2.1',
          },
        },
      },
      'NAME=x STATUS=Ready,SchedulingDisabled ROLES=control-plane AGE=5m30s VERSION=v1.35.2 | INTERNAL-IP=10.0.0.1 EXTERNAL-IP=<none> OS-IMAGE=Debian KERNEL-VERSION=6.1 CONTAINER-RUNTIME=containerd://2.1',
    ],
    [
      'Deployment',
      { spec: spec({ replicas: 3 }), status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 } },
      'NAME=x READY=2/3 UP-TO-DATE=3 AVAILABLE=2 AGE=5m30s | CONTAINERS=c IMAGES=i:1 SELECTOR=app=a',
    ],
    [
      'ReplicaSet',
      { spec: spec(), status: { replicas: 1 } },
      'NAME=x DESIRED=1 CURRENT=1 READY=0 AGE=5m30s | CONTAINERS=c IMAGES=i:1 SELECTOR=app=a',
    ],
    [
      'DaemonSet',
      { spec: spec(), status: { desiredNumberScheduled: 4 } },
      'NAME=x DESIRED=4 CURRENT=0 READY=0 UP-TO-DATE=0 AVAILABLE=0 NODE SELECTOR=<none> AGE=5m30s | CONTAINERS=c IMAGES=i:1 SELECTOR=app=a',
    ],
    [
      'Job',
      {
        spec: spec({ completions: 2 }),
        status: {
          succeeded: 2,
          startTime: created,
          completionTime: '2026-01-01T00:00:42Z',
          conditions: [{ type: 'Complete', status: 'True' }],
        },
      },
      'NAME=x STATUS=Complete COMPLETIONS=2/2 DURATION=42s AGE=5m30s | CONTAINERS=c IMAGES=i:1 SELECTOR=app=a',
    ],
    [
      'CronJob',
      {
        spec: { schedule: '* * * * *', jobTemplate: { spec: { template: spec().template } } },
        status: { active: [{}], lastScheduleTime: '2026-01-01T00:05:00Z' },
      },
      'NAME=x SCHEDULE=* * * * * TIMEZONE=<none> SUSPEND=False ACTIVE=1 LAST SCHEDULE=30s AGE=5m30s | CONTAINERS=c IMAGES=i:1 SELECTOR=<none>',
    ],
    [
      'Service',
      {
        spec: {
          type: 'NodePort',
          clusterIP: '10.96.0.9',
          clusterIPs: ['10.96.0.9'],
          selector: { app: 'a' },
          ports: [
            { port: 80, nodePort: 30080 },
            { port: 53, protocol: 'UDP' },
          ],
        },
      },
      'NAME=x TYPE=NodePort CLUSTER-IP=10.96.0.9 EXTERNAL-IP=<none> PORT(S)=80:30080/TCP,53/UDP AGE=5m30s | SELECTOR=app=a',
    ],
    [
      'Service',
      { spec: { type: 'LoadBalancer', clusterIP: '10.96.0.9', ports: [] } },
      'NAME=x TYPE=LoadBalancer CLUSTER-IP=10.96.0.9 EXTERNAL-IP=<pending> PORT(S)=<none> AGE=5m30s | SELECTOR=<none>',
    ],
    [
      'Event',
      {
        type: 'Normal',
        reason: 'Started',
        message: 'Started container c\n',
        involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{c}' },
        source: { component: 'kubelet', host: 'n1' },
        firstTimestamp: created,
        lastTimestamp: '2026-01-01T00:05:00Z',
        count: 4,
      },
      'LAST SEEN=30s TYPE=Normal REASON=Started OBJECT=pod/p MESSAGE=Started container c | SUBOBJECT=spec.containers{c} SOURCE=kubelet, n1 FIRST SEEN=5m30s COUNT=4 NAME=x',
    ],
    ['Namespace', {}, 'NAME=x STATUS=Active AGE=5m30s'],
    ['ConfigMap', { data: { a: '1' }, binaryData: { b: '' } }, 'NAME=x DATA=2 AGE=5m30s'],
    ['Secret', { stringData: { a: '1' } }, 'NAME=x TYPE=Opaque DATA=1 AGE=5m30s'],
    ['ServiceAccount', {}, 'NAME=x AGE=5m30s'],
    ['Role', {}, `NAME=x CREATED AT=${created}`],
    [
      'RoleBinding',
      {
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'User', name: 'jane' },
          { kind: 'ServiceAccount', name: 's', namespace: 'ns' },
        ],
      },
      'NAME=x ROLE=Role/r AGE=5m30s | USERS=jane GROUPS= SERVICEACCOUNTS=ns/s',
    ],
    [
      'StorageClass',
      {
        metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'p',
        allowVolumeExpansion: true,
      },
      'NAME=x (default) PROVISIONER=p RECLAIMPOLICY=Delete VOLUMEBINDINGMODE=Immediate ALLOWVOLUMEEXPANSION=true AGE=5m30s',
    ],
    [
      'PersistentVolumeClaim',
      {
        spec: { volumeName: 'v', storageClassName: 'standard', accessModes: ['ReadWriteOnce'] },
        status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
      },
      'NAME=x STATUS=Bound VOLUME=v CAPACITY=1Gi ACCESS MODES=RWO STORAGECLASS=standard VOLUMEATTRIBUTESCLASS=<unset> AGE=5m30s | VOLUMEMODE=Filesystem',
    ],
    [
      'EndpointSlice',
      {
        addressType: 'IPv4',
        ports: [{ name: 'http', port: 80 }],
        endpoints: [{ addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'] }],
      },
      'NAME=x ADDRESSTYPE=IPv4 PORTS=80 ENDPOINTS=10.0.0.1,10.0.0.2 AGE=5m30s',
    ],
    [
      'HorizontalPodAutoscaler',
      {
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 5 },
        status: { currentReplicas: 2 },
      },
      'NAME=x REFERENCE=Deployment/web TARGETS=cpu: <unknown>/80% MINPODS=1 MAXPODS=5 REPLICAS=2 AGE=5m30s',
    ],
    ['Lease', { spec: { holderIdentity: 'n1' } }, 'NAME=x HOLDER=n1 AGE=5m30s'],
    [
      'PriorityClass',
      { value: 100 },
      'NAME=x VALUE=100 GLOBAL-DEFAULT=false AGE=5m30s PREEMPTIONPOLICY=PreemptLowerPriority',
    ],
  ])('%s', (kind, fields, expected) => {
    expect(row(kind, fields)).toBe(expected);
  });
});

it('prints a bare object of every kind', () => {
  const bare: Record<string, Sketch> = {
    Event: { involvedObject: {} },
    RoleBinding: { roleRef: { kind: 'Role', name: 'r' } },
    ClusterRoleBinding: { roleRef: { kind: 'ClusterRole', name: 'r' } },
    CSIDriver: { spec: {} },
    CSINode: { spec: { drivers: [] } },
    VolumeAttachment: { spec: { attacher: 'a', nodeName: 'n', source: {} } },
    HorizontalPodAutoscaler: { spec: { scaleTargetRef: {}, maxReplicas: 1 } },
  };
  for (const { resource } of builtInDefinitions) expect(row(resource.kind, bare[resource.kind] ?? {})).not.toBe('');
});
