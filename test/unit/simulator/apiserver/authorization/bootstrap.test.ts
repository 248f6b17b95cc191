import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyBootstrapPolicy } from '../../../../../electron/simulator/apiserver/authorization/bootstrap';
import type { ClusterRole, KubeObject } from '../../../../../shared/kubernetes/objects';
import {
  clusterRoleBindings,
  clusterRoles,
  type Resource,
  roleBindings,
  roles,
} from '../../../../../shared/kubernetes/resources';
import { type InProcessApi, startApi } from '../../../../support/in-process-api';

/** What a kube-apiserver v1.35.4 has made of an empty store, without what each server makes up (uids, times). */
const recorded: Record<string, KubeObject[]> = JSON.parse(
  readFileSync(join(__dirname, 'bootstrap-policy.json'), 'utf8'),
);

let api: InProcessApi;

beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

/** The objects by name, without what each server makes up, and without rules that come from aggregation. */
function comparable(objects: readonly KubeObject[]): Record<string, object> {
  return Object.fromEntries(
    objects.map((object): [string, object] => {
      const { metadata, ...rest } = object as ClusterRole;
      const { name, namespace, labels, annotations } = metadata;
      const { apiVersion: _version, kind: _kind, ...content } = rest;
      if (content.aggregationRule) delete content.rules;
      return [keyOf(object), { metadata: { name, namespace, labels, annotations }, ...content }];
    }),
  );
}

describe('the bootstrap policy', () => {
  it.each<[string, Resource]>([
    ['clusterroles', clusterRoles],
    ['clusterrolebindings', clusterRoleBindings],
    ['roles', roles],
    ['rolebindings', roleBindings],
  ])('has the %s of a real server', async (name, resource) => {
    const present = (await api.admin.list(resource)).items;
    // What kubeadm makes besides.
    const own = present.filter(({ metadata }) => metadata.name !== 'kubeadm:cluster-admins');
    expect(comparable(own)).toEqual(comparable(recorded[name] ?? []));
  });

  it('has in the aggregated roles what the aggregation controller gathers', async () => {
    const byName = new Map((await api.admin.list(clusterRoles)).items.map((role) => [role.metadata.name, role.rules]));
    const [view, edit, admin] = ['view', 'edit', 'admin'].map(
      (name) => byName.get(`system:aggregate-to-${name}`) ?? [],
    );
    expect(byName.get('view')).toEqual(view);
    expect(byName.get('edit')).toEqual([...(edit ?? []), ...(view ?? [])]);
    expect(byName.get('admin')).toEqual([...(edit ?? []), ...(view ?? []), ...(admin ?? [])]);
  });

  it('gives back at the next start what has been taken, and keeps what has been added', async () => {
    const before = await api.admin.get(clusterRoles, undefined, 'system:kube-dns');
    const own = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
    await api.admin.update(clusterRoles, { ...before, rules: [own] });
    const binding = await api.admin.get(clusterRoleBindings, undefined, 'system:kube-dns');
    const subject = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' };
    await api.admin.update(clusterRoleBindings, { ...binding, subjects: [subject] });
    await applyBootstrapPolicy(api.admin);
    const after = await api.admin.get(clusterRoles, undefined, 'system:kube-dns');
    expect(after.rules?.[0]).toEqual(own);
    expect(after.rules?.slice(1).flatMap(({ resources }) => resources)).toEqual(['endpoints', 'services']);
    const { subjects } = await api.admin.get(clusterRoleBindings, undefined, 'system:kube-dns');
    expect(subjects).toEqual([subject, ...(binding.subjects ?? [])]);
  });

  it('leaves alone what says so', async () => {
    const role = await api.admin.get(clusterRoles, undefined, 'system:kube-dns');
    const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' };
    await api.admin.update(clusterRoles, { ...role, metadata: { ...role.metadata, annotations }, rules: [] });
    await applyBootstrapPolicy(api.admin);
    expect((await api.admin.get(clusterRoles, undefined, 'system:kube-dns')).rules).toEqual([]);
  });
});
