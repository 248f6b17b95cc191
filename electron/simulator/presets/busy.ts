import type { Deployment, KubeObject, Pod } from '../../../shared/kubernetes/objects';
import {
  configMaps,
  cronJobs,
  daemonSets,
  deployments,
  namespaces,
  podDisruptionBudgets,
  services,
  statefulSets,
  storageClasses,
} from '../../../shared/kubernetes/resources';
import { Random } from '../random';
import { localPath } from '../storage/local-path';
import { controlPlane, kubeadm, machine } from './parts/kubeadm';
import { metrics } from './parts/metrics';
import { storageClass } from './parts/storage-class';
import { ofResource, type Preset, type PresetObjects } from './preset';

type Template = NonNullable<Deployment['spec']>['template'];
type PodSpec = NonNullable<Pod['spec']>;

const WORKERS = 24;
const place = { network: '172.20.0', provider: 'porthole://busy' };
const inZone = (zone: string) => ({
  capacity: { cpu: '16', memory: '64Gi', 'ephemeral-storage': '200Gi', pods: '110' },
  labels: { 'topology.kubernetes.io/region': 'europe-west1', 'topology.kubernetes.io/zone': `europe-west1-${zone}` },
});

const TEAMS = [
  'accounts',
  'billing',
  'catalog',
  'checkout',
  'delivery',
  'identity',
  'orders',
  'payments',
  'search',
  'support',
];
const PARTS = [
  'api',
  'gateway',
  'worker',
  'web',
  'admin',
  'sync',
  'export',
  'import',
  'notify',
  'report',
  'cache',
  'audit',
];
const IMAGES = ['nginx:1.29', 'nginx:1.28', 'httpd:2.4', 'redis:8', 'registry.k8s.io/e2e-test-images/agnhost:2.53'];

/** A team's shop: deployments with what goes with them, a store, and what runs every few minutes. Some of it does not work. */
function team(name: string, random: Random): PresetObjects[] {
  const meta = (object: string, labels?: Record<string, string>): KubeObject['metadata'] => ({
    ...{ name: object, namespace: name },
    ...(labels === undefined ? {} : { labels }),
  });
  const template = (app: string, changes: Partial<PodSpec['containers'][number]> = {}): Template => ({
    metadata: { labels: { app, team: name } },
    spec: {
      containers: [
        {
          name: 'main',
          image: random.pick(IMAGES),
          resources: {
            requests: { cpu: `${random.integer(2, 20) * 10}m`, memory: `${random.integer(1, 8) * 32}Mi` },
            limits: { memory: '512Mi' },
          },
          ...changes,
        },
      ],
    },
  });
  const apps = PARTS.flatMap((part) => [part, `${part}-v2`, `${part}-canary`]).map((part) => `${name}-${part}`);
  const batch = ['cleanup', 'digest', 'backup', 'reindex'].map((part) => `${name}-${part}`);
  const job = (app: string): Template => {
    const command = ['sh', '-c', `sleep ${random.integer(5, 60)}; exit ${random.next() < 0.15 ? 1 : 0}`];
    const { metadata, spec } = template(app, { image: 'busybox:1.36', command });
    return {
      ...(metadata && { metadata }),
      spec: { ...spec, containers: spec?.containers ?? [], restartPolicy: 'Never' },
    };
  };
  return [
    ofResource(namespaces, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name } } }]),
    ofResource(
      configMaps,
      apps.map((app) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(app), data: { LOG_LEVEL: 'info' } })),
    ),
    ofResource(
      services,
      apps.map((app) => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta(app),
        spec: { selector: { app }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }] },
      })),
    ),
    ofResource(
      deployments,
      apps.map((app): Deployment => {
        const broken = random.next();
        const image = broken < 0.02 ? { image: `nginx:${name}-of-nobody` } : {};
        const command = broken > 0.98 ? { image: 'busybox:1.36', command: ['sh', '-c', 'sleep 20; exit 1'] } : {};
        return {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: meta(app, { app, team: name }),
          spec: {
            replicas: random.integer(1, 5),
            selector: { matchLabels: { app } },
            template: template(app, { ...image, ...command }),
          },
        };
      }),
    ),
    ofResource(
      podDisruptionBudgets,
      apps.slice(0, 6).map((app) => ({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: meta(app),
        spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
      })),
    ),
    ofResource(statefulSets, [
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: meta(`${name}-store`, { team: name }),
        spec: {
          replicas: 3,
          serviceName: `${name}-store`,
          selector: { matchLabels: { app: `${name}-store` } },
          template: template(`${name}-store`, {
            image: 'redis:8',
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          }),
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
            },
          ],
        },
      },
    ]),
    ofResource(
      cronJobs,
      batch.map((app) => ({
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: meta(app, { team: name }),
        spec: {
          schedule: `*/${random.pick([5, 10, 15, 30])} * * * *`,
          concurrencyPolicy: 'Forbid',
          jobTemplate: { spec: { backoffLimit: 2, template: job(app) } },
        },
      })),
    ),
  ];
}

/** What every machine runs. */
const agents = (name: string): PresetObjects =>
  ofResource(daemonSets, [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace: 'kube-system', labels: { app: name } },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            tolerations: [{ operator: 'Exists' }],
            containers: [{ name: 'agent', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53' }],
          },
        },
      },
    },
  ]);

/** A company's cluster at work, for demonstrations and for measuring: the same every time. */
export const busy: Preset = {
  name: 'busy',
  description: `${WORKERS} workers with some hundred workloads of ${TEAMS.length} teams, about a thousand pods`,
  nodes: [
    controlPlane({ ...place, name: 'control-plane', index: 0 }, false, inZone('b')),
    ...Array.from({ length: WORKERS }, (_, index) => {
      const number = index + 1;
      const zone = inZone(['b', 'c', 'd'][index % 3] ?? 'b');
      return machine({ ...place, name: `worker-${String(number).padStart(2, '0')}`, index: number }, zone);
    }),
  ],
  provisioners: [localPath],
  objects(context) {
    const random = new Random(1);
    return [
      ofResource(storageClasses, [storageClass('standard', 'rancher.io/local-path', true)]),
      ...kubeadm('busy', 'control-plane:6443', context),
      ...metrics,
      ...['log-agent', 'metrics-agent', 'security-agent'].map(agents),
      ...TEAMS.flatMap((name) => team(name, random)),
    ];
  },
};
