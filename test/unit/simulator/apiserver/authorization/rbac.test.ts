import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UserInfo } from '../../../../../electron/simulator/client';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import {
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  namespaces,
  nodes,
  pods,
  roleBindings,
  roles,
  secrets,
} from '../../../../../shared/kubernetes/resources';
import { type InProcessApi, startApi } from '../../../../support/in-process-api';

const RBAC = 'rbac.authorization.k8s.io';
const jane: UserInfo = { name: 'jane', groups: ['system:authenticated'] };

let api: InProcessApi;

beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

async function bindRole(subject: { kind: string; name: string; namespace?: string }): Promise<void> {
  await api.admin.create(roles, {
    metadata: { name: 'pod-reader', namespace: 'default' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  });
  await api.admin.create(roleBindings, {
    metadata: { name: 'read-pods', namespace: 'default' },
    subjects: [subject],
    roleRef: { apiGroup: RBAC, kind: 'Role', name: 'pod-reader' },
  });
  await api.clock.settle();
}

describe('RBAC', () => {
  it('forbids what nothing allows, in the words of kubectl', async () => {
    const client = api.server.client(jane);
    await expect(client.list(pods, { namespace: 'default' })).rejects.toThrow(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    await expect(client.list(nodes)).rejects.toThrow(
      'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    await expect(client.get(configMaps, 'default', 'a')).rejects.toThrow(
      'configmaps "a" is forbidden: User "jane" cannot get resource "configmaps" in API group "" in the namespace "default"',
    );
  });

  it('lets a role work in its namespace only', async () => {
    await bindRole({ kind: 'User', name: 'jane' });
    const client = api.server.client(jane);
    expect((await client.list(pods, { namespace: 'default' })).items).toEqual([]);
    await expect(client.list(pods)).rejects.toThrow('at the cluster scope');
    await expect(client.list(pods, { namespace: 'kube-system' })).rejects.toThrow('in the namespace "kube-system"');
    await expect(client.delete(pods, 'default', 'x')).rejects.toThrow('cannot delete');
  });

  it('knows groups and service accounts', async () => {
    await bindRole({ kind: 'ServiceAccount', name: 'robot', namespace: 'default' });
    const robot = api.server.client({ name: 'system:serviceaccount:default:robot', groups: [] });
    expect((await robot.list(pods, { namespace: 'default' })).items).toEqual([]);
    const other = api.server.client({ name: 'system:serviceaccount:kube-system:robot', groups: [] });
    await expect(other.list(pods, { namespace: 'default' })).rejects.toThrow('is forbidden');
  });

  it('binds a cluster role everywhere, or to one namespace', async () => {
    const role = { apiGroup: RBAC, kind: 'ClusterRole', name: 'secret-reader' };
    await api.admin.create(clusterRoles, {
      metadata: { name: role.name },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    });
    await api.admin.create(roleBindings, {
      metadata: { name: 'read', namespace: 'default' },
      subjects: [{ apiGroup: RBAC, kind: 'User', name: 'jane' }],
      roleRef: role,
    });
    await api.admin.create(clusterRoleBindings, {
      metadata: { name: 'read' },
      subjects: [{ apiGroup: RBAC, kind: 'Group', name: 'ops' }],
      roleRef: role,
    });
    await api.clock.settle();
    await expect(api.server.client(jane).list(secrets)).rejects.toThrow('is forbidden');
    expect((await api.server.client(jane).list(secrets, { namespace: 'default' })).items).toEqual([]);
    expect((await api.server.client({ name: 'joe', groups: ['ops'] }).list(secrets)).items).toEqual([]);
  });

  it('forgets what is taken away', async () => {
    await bindRole({ kind: 'User', name: 'jane' });
    await api.admin.delete(roleBindings, 'default', 'read-pods');
    await api.clock.settle();
    await expect(api.server.client(jane).list(pods, { namespace: 'default' })).rejects.toThrow('is forbidden');
  });

  it('gives the roles of every cluster what they are for', async () => {
    for (const [name, role] of [
      ['viewer', 'view'],
      ['editor', 'edit'],
      ['owner', 'admin'],
    ] as const) {
      await api.admin.create(roleBindings, {
        metadata: { name, namespace: 'default' },
        subjects: [{ apiGroup: RBAC, kind: 'User', name }],
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      });
    }
    await api.clock.settle();
    const as = (name: string) => api.server.client({ name, groups: [] });
    const there = { namespace: 'default' };
    await as('viewer').list(configMaps, there);
    await expect(as('viewer').list(secrets, there)).rejects.toThrow('is forbidden');
    await as('editor').list(secrets, there);
    await expect(as('editor').list(roles, there)).rejects.toThrow('is forbidden');
    await as('owner').list(roles, there);
    await expect(as('owner').list(namespaces)).rejects.toThrow('is forbidden');
  });
});

describe('granting', () => {
  const role = (verbs: string[], namespace = 'default') => ({
    metadata: { name: 'r', namespace },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
  });

  beforeEach(async () => {
    await bindRole({ kind: 'User', name: 'jane' });
    await api.admin.create(roles, {
      metadata: { name: 'granter', namespace: 'default' },
      rules: [{ apiGroups: [RBAC], resources: ['roles', 'rolebindings'], verbs: ['create', 'update'] }],
    });
    await api.admin.create(roleBindings, {
      metadata: { name: 'grants', namespace: 'default' },
      subjects: [{ apiGroup: RBAC, kind: 'User', name: 'jane' }],
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'granter' },
    });
    await api.clock.settle();
  });

  it('gives what one has, and no more', async () => {
    const client = api.server.client(jane);
    await expect(client.create(roles, role(['get', 'delete']))).rejects.toThrow(
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}',
    );
    await client.create(roles, role(['get', 'list']));
    await expect(client.update(roles, role(['*']))).rejects.toThrow('Verbs:["*"]');
  });

  it('binds roles whose rules one has, and no others', async () => {
    const client = api.server.client(jane);
    const binding = (name: string, kind: string) => ({
      metadata: { name: `to-${name}`, namespace: 'default' },
      subjects: [{ apiGroup: RBAC, kind: 'User', name: 'joe' }],
      roleRef: { apiGroup: RBAC, kind, name },
    });
    await client.create(roleBindings, binding('pod-reader', 'Role'));
    await expect(client.create(roleBindings, binding('cluster-admin', 'ClusterRole'))).rejects.toThrow(
      'is attempting to grant RBAC permissions not currently held',
    );
  });
});

describe('access reviews', () => {
  async function review(user: UserInfo, kind: string, spec: object): Promise<KubeObject> {
    const found = api.virtualResources.find(({ resource }) => resource.kind === kind);
    if (found === undefined) throw new Error(`no ${kind}`);
    const body = { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {}, spec } as KubeObject;
    return found.create(body, { user, namespace: undefined, dryRun: false });
  }

  it('tell what one may do, and why', async () => {
    await bindRole({ kind: 'User', name: 'jane' });
    const spec = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } };
    expect(await review(jane, 'SelfSubjectAccessReview', spec)).toMatchObject({
      status: {
        allowed: true,
        reason: 'RBAC: allowed by RoleBinding "read-pods/default" of Role "pod-reader" to User "jane"',
      },
    });
  });

  it('ask about others', async () => {
    const spec = { user: 'joe', resourceAttributes: { verb: 'get', resource: 'pods' } };
    expect(await review(api.admin.user, 'SubjectAccessReview', spec)).toMatchObject({
      status: { allowed: false },
    });
    const nobody = { resourceAttributes: { verb: 'get', resource: 'pods' } };
    await expect(review(api.admin.user, 'SubjectAccessReview', nobody)).rejects.toThrow(
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    );
  });

  it('list the rules of a namespace', async () => {
    await bindRole({ kind: 'User', name: 'jane' });
    const answer = await review(jane, 'SelfSubjectRulesReview', { namespace: 'default' });
    expect(answer).toMatchObject({
      status: {
        incomplete: false,
        resourceRules: expect.arrayContaining([
          { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] },
        ]),
      },
    });
  });
});
