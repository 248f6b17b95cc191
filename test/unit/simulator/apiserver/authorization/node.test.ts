import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterAuthorizer } from '../../../../../electron/simulator/apiserver/authorization';
import type { RequestAttributes } from '../../../../../electron/simulator/apiserver/request';
import type { UserInfo } from '../../../../../electron/simulator/client';
import {
  persistentVolumes,
  pods,
  serviceAccounts,
  volumeAttachments,
} from '../../../../../shared/kubernetes/resources';
import { type InProcessApi, startApi } from '../../../../support/in-process-api';

const kubelet: UserInfo = { name: 'system:node:one', groups: ['system:nodes', 'system:authenticated'] };

let api: InProcessApi;
let authorizer: ClusterAuthorizer;

beforeEach(async () => {
  api = await startApi();
  authorizer = new ClusterAuthorizer();
  await api.admin.create(serviceAccounts, { metadata: { name: 'default', namespace: 'default' } });
  await api.admin.create(pods, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      nodeName: 'one',
      serviceAccountName: 'default',
      imagePullSecrets: [{ name: 'registry' }],
      containers: [
        {
          name: 'c',
          image: 'nginx',
          envFrom: [{ configMapRef: { name: 'environment' } }],
          env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'password', key: 'p' } } }],
        },
      ],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'both', projected: { sources: [{ secret: { name: 'projected' } }] } },
      ],
    },
  });
  await api.admin.create(persistentVolumes, {
    metadata: { name: 'disk' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'fast',
      claimRef: { namespace: 'default', name: 'data' },
      csi: { driver: 'd', volumeHandle: 'v', nodePublishSecretRef: { namespace: 'kube-system', name: 'disk-key' } },
    },
  });
  await api.admin.create(volumeAttachments, {
    metadata: { name: 'attached' },
    spec: { attacher: 'd', nodeName: 'one', source: { persistentVolumeName: 'disk' } },
  });
  await authorizer.start(api.admin);
});
afterEach(async () => {
  authorizer.stop();
  await api.stop();
});

function ask(verb: string, resource: string, name: string, more: Partial<RequestAttributes> = {}) {
  const [group = '', plural = ''] = resource.includes('/') ? resource.split('/') : ['', resource];
  return authorizer.authorize({
    user: kubelet,
    verb,
    isResource: true,
    path: '',
    group,
    version: 'v1',
    resource: plural,
    subresource: '',
    namespace: 'default',
    name,
    ...more,
  });
}

const other: UserInfo = { ...kubelet, name: 'system:node:two' };
const unrelated = "no relationship found between node 'one' and this object";

describe('the Node authorizer', () => {
  it.each([
    ['secrets', 'registry'],
    ['secrets', 'password'],
    ['secrets', 'projected'],
    ['configmaps', 'environment'],
    ['configmaps', 'kube-root-ca.crt'],
    ['persistentvolumeclaims', 'data'],
    ['serviceaccounts', 'default'],
    ['pods', 'web'],
  ])('lets a kubelet get what its pods refer to: %s %s', (resource, name) => {
    expect(ask('get', resource, name)).toEqual({ allowed: true, reason: '' });
    expect(ask('get', resource, name, { user: other }).allowed).toBe(false);
    expect(ask('get', resource, `${name}-2`)).toEqual({ allowed: false, reason: unrelated });
  });

  it('follows a claim to its volume, the volume to its secret, and an attachment to its node', () => {
    expect(ask('get', 'persistentvolumes', 'disk', { namespace: '' }).allowed).toBe(true);
    expect(ask('get', 'persistentvolumes', 'disk', { namespace: '', user: other }).allowed).toBe(false);
    expect(ask('get', 'secrets', 'disk-key', { namespace: 'kube-system' }).allowed).toBe(true);
    expect(ask('get', 'secrets', 'disk-key', { namespace: 'kube-system', user: other }).allowed).toBe(false);
    expect(ask('get', 'storage.k8s.io/volumeattachments', 'attached', { namespace: '' }).allowed).toBe(true);
    expect(ask('get', 'storage.k8s.io/volumeattachments', 'attached', { namespace: '', user: other }).allowed).toBe(
      false,
    );
  });

  it.each<[string, string, string, Partial<RequestAttributes>, string]>([
    ['list', 'secrets', '', {}, 'No Object name found'],
    ['list', 'secrets', '', { namespace: '' }, 'can only read namespaced object of this type'],
    ['update', 'configmaps', 'environment', {}, 'can only read resources of this type'],
    ['list', 'persistentvolumes', '', { namespace: '' }, 'can only get individual resources of this type'],
    ['list', 'pods', '', { namespace: '' }, 'can only list/watch pods with spec.nodeName field selector'],
    ['get', 'nodes', 'two', { namespace: '' }, "node 'one' cannot read 'two', only its own Node object"],
    ['list', 'nodes', '', { namespace: '' }, "node 'one' cannot read all nodes, only its own Node object"],
    [
      'get',
      'coordination.k8s.io/leases',
      'one',
      {},
      'can only access leases in the "kube-node-lease" system namespace',
    ],
    [
      'get',
      'coordination.k8s.io/leases',
      'two',
      { namespace: 'kube-node-lease' },
      'can only access node lease with the same name as the requesting node',
    ],
    ['create', 'serviceaccounts', '', {}, 'can only create tokens for individual service accounts'],
    ['update', 'persistentvolumeclaims', 'other', { subresource: 'status' }, unrelated],
  ])('says why a kubelet may not %s %s %s', (verb, resource, name, more, reason) => {
    expect(ask(verb, resource, name, more)).toEqual({ allowed: false, reason });
  });

  it.each<[string, string, string, Partial<RequestAttributes>]>([
    ['watch', 'pods', '', { namespace: '', fieldSelector: 'spec.nodeName=one' }],
    ['get', 'nodes', 'one', { namespace: '' }],
    ['patch', 'nodes', 'one', { namespace: '', subresource: 'status' }],
    ['create', 'serviceaccounts', 'default', { subresource: 'token' }],
    ['update', 'persistentvolumeclaims', 'data', { subresource: 'status' }],
    ['create', 'coordination.k8s.io/leases', '', { namespace: 'kube-node-lease' }],
    ['create', 'events', '', {}],
    ['list', 'services', '', { namespace: '' }],
  ])('lets a kubelet %s %s %s', (verb, resource, name, more) => {
    expect(ask(verb, resource, name, more)).toEqual({ allowed: true, reason: '' });
  });

  it('gives a mirror pod no access to anything', async () => {
    await api.admin.create(pods, {
      metadata: { name: 'static', namespace: 'default', annotations: { 'kubernetes.io/config.mirror': 'x' } },
      spec: { nodeName: 'one', containers: [{ name: 'c', image: 'i', envFrom: [{ configMapRef: { name: 'mine' } }] }] },
    });
    await api.clock.settle();
    expect(ask('get', 'configmaps', 'mine').allowed).toBe(false);
    expect(ask('get', 'pods', 'static').allowed).toBe(true);
  });

  it('has no opinion on others, and none of what it does not know', () => {
    expect(ask('get', 'secrets', 'password', { user: { name: 'system:node:one', groups: [] } }).reason).toBe('');
    expect(ask('delete', 'namespaces', 'default', { namespace: 'default' })).toEqual({ allowed: false, reason: '' });
  });

  it('cannot list what a node may do', () => {
    expect(authorizer.rulesFor(kubelet, 'default')).toMatchObject({
      incomplete: true,
      error: 'node authorizer does not support user rule resolution',
    });
  });
});
