import { createHash } from 'node:crypto';
import type { Pod } from '../../../../shared/kubernetes/objects';

type Container = NonNullable<Pod['spec']>['containers'][number];

/** The node that a control plane runs on. */
export interface ControlPlaneNode {
  readonly name: string;
  readonly internalIP: string;
}

/**
 * The control plane's own programs, as kubeadm runs them: static pods, which the kubelet starts from files and shows in the
 * API as mirror pods.
 */
function staticPod(
  node: string,
  component: string,
  image: string,
  cpu: string,
  command: string[],
  folders: [string, string][],
): Pod {
  const container: Container = {
    name: component,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [component, ...command],
    resources: { requests: { cpu } },
    volumeMounts: folders.map(([name, mountPath]) => ({ name, mountPath, readOnly: name !== 'etcd-data' })),
  };
  const hash = createHash('md5').update(JSON.stringify(container)).digest('hex');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${component}-${node}`,
      namespace: 'kube-system',
      labels: { component, tier: 'control-plane' },
      annotations: {
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.mirror': hash,
        'kubernetes.io/config.source': 'file',
      },
    },
    spec: {
      nodeName: node,
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
      containers: [container],
      volumes: folders.map(([name, path]) => ({ name, hostPath: { path, type: 'DirectoryOrCreate' } })),
    },
  };
}

/** @param version `v1.35.2`. */
export function staticPods({ name, internalIP }: ControlPlaneNode, version: string): Pod[] {
  const image = (name: string) => `registry.k8s.io/${name}:${version}`;
  return [
    staticPod(
      name,
      'etcd',
      'registry.k8s.io/etcd:3.6.6-0',
      '100m',
      [
        `--advertise-client-urls=https://${internalIP}:2379`,
        '--data-dir=/var/lib/etcd',
        `--listen-client-urls=https://127.0.0.1:2379,https://${internalIP}:2379`,
        `--name=${name}`,
      ],
      [
        ['etcd-data', '/var/lib/etcd'],
        ['etcd-certs', '/etc/kubernetes/pki/etcd'],
      ],
    ),
    staticPod(
      name,
      'kube-apiserver',
      image('kube-apiserver'),
      '250m',
      [
        `--advertise-address=${internalIP}`,
        '--authorization-mode=Node,RBAC',
        '--client-ca-file=/etc/kubernetes/pki/ca.crt',
        '--etcd-servers=https://127.0.0.1:2379',
        '--secure-port=6443',
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        '--service-cluster-ip-range=10.96.0.0/16',
      ],
      [['k8s-certs', '/etc/kubernetes/pki']],
    ),
    staticPod(
      name,
      'kube-controller-manager',
      image('kube-controller-manager'),
      '200m',
      [
        '--allocate-node-cidrs=true',
        '--bind-address=127.0.0.1',
        '--cluster-cidr=10.244.0.0/16',
        '--controllers=*,bootstrapsigner,tokencleaner',
        '--kubeconfig=/etc/kubernetes/controller-manager.conf',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--use-service-account-credentials=true',
      ],
      [['k8s-certs', '/etc/kubernetes/pki']],
    ),
    staticPod(
      name,
      'kube-scheduler',
      image('kube-scheduler'),
      '100m',
      ['--bind-address=127.0.0.1', '--kubeconfig=/etc/kubernetes/scheduler.conf', '--leader-elect=true'],
      [['k8s-certs', '/etc/kubernetes/pki']],
    ),
  ];
}
