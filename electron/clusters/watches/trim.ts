import type { KubeObject, Secret } from '../../../shared/kubernetes/objects';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What stands for a Secret's value. Its length says nothing of the value's. */
const masked = '•••';

/**
 * Takes out of a freshly received object what nobody here needs: managedFields, and the values of a Secret wherever they
 * stand (kubectl keeps a copy of them in an annotation). Changes the object itself.
 */
export function trim(object: KubeObject, kind: string): KubeObject {
  delete object.metadata.managedFields;
  if (kind === 'Secret') maskSecret(object);
  return object;
}

function maskSecret(secret: Secret): void {
  for (const values of [secret.data, secret.stringData]) {
    if (values !== undefined && values !== null) for (const key of Object.keys(values)) values[key] = masked;
  }
  const annotations = secret.metadata.annotations;
  if (annotations?.[lastApplied] !== undefined) annotations[lastApplied] = masked;
}
