import { pods } from '../../../../shared/kubernetes/resources';
import { type Api, resourceAttributes } from '../api';
import type { VirtualResource } from '../registry/virtual-resource';
import { badRequest } from '../status-errors';

/** Binds the pod of its name: what `pods/NAME/binding` was before there was that (pkg/registry/core/pod/storage, `LegacyBindingREST`). */
export function bindings(api: () => Api): VirtualResource {
  return {
    resource: { group: '', version: 'v1', resource: 'bindings', kind: 'Binding', namespaced: true },
    singular: 'binding',
    async create(binding, { user, namespace, dryRun }) {
      const { name = '' } = binding.metadata;
      if (name === '') throw badRequest('Name parameter required.');
      const attributes = resourceAttributes(user, 'create', pods, namespace, name, 'binding');
      const request = { attributes, dryRun, manager: undefined, warn: () => {} };
      return api().act(api().registry(pods), request, namespace, name, 'binding', binding);
    },
  };
}
