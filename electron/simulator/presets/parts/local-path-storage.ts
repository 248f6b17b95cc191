import { deployments, namespaces, serviceAccounts } from '../../../../shared/kubernetes/resources';
import { ofResource, type PresetObjects } from '../preset';

const namespace = 'local-path-storage';
const labels = { app: 'local-path-provisioner' };

/** The provisioner of local volumes that kind brings along. */
export const localPathStorage: readonly PresetObjects[] = [
  ofResource(namespaces, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]),
  ofResource(serviceAccounts, [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'local-path-provisioner-service-account', namespace },
    },
  ]),
  ofResource(deployments, [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'local-path-provisioner', namespace },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'local-path-provisioner-service-account',
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Equal', effect: 'NoSchedule' }],
            containers: [
              {
                name: 'local-path-provisioner',
                image: 'rancher/local-path-provisioner:v0.0.32',
                imagePullPolicy: 'IfNotPresent',
                command: ['local-path-provisioner', '--debug', 'start', '--config', '/etc/config/config.json'],
              },
            ],
          },
        },
      },
    },
  ]),
];
