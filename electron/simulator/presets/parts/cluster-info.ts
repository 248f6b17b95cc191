import { configMaps, roleBindings, roles } from '../../../../shared/kubernetes/resources';
import { ofResource, type PresetObjects } from '../preset';

const namespace = 'kube-public';
const name = 'kubeadm:bootstrap-signer-clusterinfo';
const RBAC = 'rbac.authorization.k8s.io';

const kubeconfig = (certificateAuthority: string, endpoint: string) => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(certificateAuthority).toString('base64')}
    server: https://${endpoint}
  name: ""
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`;

/**
 * Where machines that want to join find the cluster and whom to trust, readable by everyone, as kubeadm publishes it.
 * @param certificateAuthority PEM.
 * @param endpoint where the API server is: `control-plane:6443`.
 */
export function clusterInfo(certificateAuthority: string, endpoint: string): readonly PresetObjects[] {
  return [
    ofResource(configMaps, [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'cluster-info', namespace },
        data: { kubeconfig: kubeconfig(certificateAuthority, endpoint) },
      },
    ]),
    ofResource(roles, [
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'Role',
        metadata: { name, namespace },
        rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['cluster-info'], verbs: ['get'] }],
      },
    ]),
    ofResource(roleBindings, [
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata: { name, namespace },
        roleRef: { apiGroup: RBAC, kind: 'Role', name },
        subjects: [{ apiGroup: RBAC, kind: 'User', name: 'system:anonymous' }],
      },
    ]),
  ];
}
