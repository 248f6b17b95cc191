import {
  clusterRoleBindings,
  clusterRoles,
  deployments,
  ingressClasses,
  namespaces,
  serviceAccounts,
  services,
} from '../../../../shared/kubernetes/resources';
import type { AddressPool } from '../../cloud/address-pool';
import type { IngressController } from '../../cloud/cloud';
import { ofResource, type PresetObjects } from '../preset';

const namespace = 'ingress-nginx';
const name = 'ingress-nginx';
const controller = 'k8s.io/ingress-nginx';
const labels = { 'app.kubernetes.io/component': 'controller', 'app.kubernetes.io/name': name };
const RBAC = 'rbac.authorization.k8s.io';

/** @param addresses where the machines are that it listens on. */
export const ingressNginxController = (addresses: AddressPool): IngressController => ({
  component: 'nginx-ingress-controller',
  controller,
  annotation: 'nginx',
  user: `system:serviceaccount:${namespace}:${name}`,
  addresses,
  // It tells of its address once a minute.
  provisioning: [5_000, 60_000],
});

/** ingress-nginx, as its own manifest sets it up. @param type of the Service that leads to it. */
export const ingressNginx = (type: 'NodePort' | 'LoadBalancer'): readonly PresetObjects[] => [
  ofResource(namespaces, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }]),
  ofResource(serviceAccounts, [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } }]),
  ofResource(clusterRoles, [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name, labels },
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps', 'endpoints', 'nodes', 'pods', 'secrets', 'namespaces', 'services'],
          verbs: ['get', 'list', 'watch'],
        },
        {
          apiGroups: ['networking.k8s.io'],
          resources: ['ingresses', 'ingressclasses'],
          verbs: ['get', 'list', 'watch'],
        },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update', 'patch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
      ],
    },
  ]),
  ofResource(clusterRoleBindings, [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ]),
  ofResource(ingressClasses, [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: {
        name: 'nginx',
        labels,
        annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
      },
      spec: { controller },
    },
  ]),
  ofResource(services, [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ingress-nginx-controller', namespace, labels },
      spec: {
        type,
        selector: labels,
        ports: [
          { name: 'http', port: 80, protocol: 'TCP', targetPort: 'http', appProtocol: 'http' },
          { name: 'https', port: 443, protocol: 'TCP', targetPort: 'https', appProtocol: 'https' },
        ],
      },
    },
  ]),
  ofResource(deployments, [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'ingress-nginx-controller', namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Equal', effect: 'NoSchedule' }],
            containers: [
              {
                name: 'controller',
                image: 'registry.k8s.io/ingress-nginx/controller:v1.14.1',
                imagePullPolicy: 'IfNotPresent',
                args: [
                  '/nginx-ingress-controller',
                  '--election-id=ingress-nginx-leader',
                  `--controller-class=${controller}`,
                  '--report-node-internal-ip-address',
                ],
                ports: [
                  { name: 'http', containerPort: 80, hostPort: 80, protocol: 'TCP' },
                  { name: 'https', containerPort: 443, hostPort: 443, protocol: 'TCP' },
                ],
                resources: { requests: { cpu: '100m', memory: '90Mi' } },
                readinessProbe: { httpGet: { path: '/healthz', port: 10254 }, periodSeconds: 10 },
              },
            ],
          },
        },
      },
    },
  ]),
];
