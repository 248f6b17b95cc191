import type { Namespace } from '../../../../shared/kubernetes/objects';
import { namespaces } from '../../../../shared/kubernetes/resources';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory } from './plugin';

/** Namespaces that a cluster cannot do without. */
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

/**
 * Nothing is made in a namespace that is not there or on its way out
 * (staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle).
 */
export const namespaceLifecycle: AdmissionPluginFactory = (client) => ({
  name: 'NamespaceLifecycle',
  changes: [],
  async admit(request) {
    const { attributes, operation } = request;
    const aboutNamespaces = attributes.group === '' && attributes.resource === 'namespaces';
    if (aboutNamespaces) {
      if (operation === 'DELETE' && IMMORTAL.has(attributes.name)) {
        throw forbidden(request, 'this namespace may not be deleted');
      }
      return;
    }
    if (attributes.namespace === '' || operation === 'DELETE') return;
    // A review stores nothing: it may ask about a namespace that is yet to come.
    if (attributes.group === 'authorization.k8s.io') return;
    const namespace = await client.get(namespaces, undefined, attributes.namespace);
    if (operation === 'CREATE' && isTerminating(namespace)) {
      const { name } = namespace.metadata;
      throw forbidden(request, `unable to create new content in namespace ${name} because it is being terminated`, [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${name} is being terminated`,
          field: 'metadata.namespace',
        },
      ]);
    }
  },
});

function isTerminating(namespace: Namespace): boolean {
  return namespace.metadata.deletionTimestamp !== undefined || namespace.status?.phase === 'Terminating';
}
