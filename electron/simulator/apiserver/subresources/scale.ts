import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import type { StatusError } from '../../../../shared/kubernetes/status-error';
import { kindText } from '../go-text';
import { deepCopy } from '../json';
import { age, ageColumn, column, nameOf } from '../printers/columns';
import type { ResourceDefinition, ScaleMapping, TablePrinter } from '../registry/definition';
import { badRequest, failure, invalid as invalidObject } from '../status-errors';
import { invalid } from '../validation/field-error';
import type { ObjectView } from './subresource';

interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

/** `scale`: an `autoscaling/v1` Scale over any kind that has replicas. @param isCustom whether a definition says which. */
export function scaleView(mapping: ScaleMapping<KubeObject>, isCustom: boolean): ObjectView {
  return {
    mode: 'main',
    view: (object) => toScale(mapping, object),
    merge(current, wanted: Scale) {
      const { name = '' } = current.metadata;
      const replicas = wanted.spec?.replicas ?? 0;
      // What a custom resource may have its schema says.
      if (!isCustom && (!Number.isInteger(replicas) || replicas < 0)) {
        throw invalidObject({ group: 'autoscaling', kind: 'Scale' }, name, [
          invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
        ]);
      }
      const next = deepCopy(current);
      mapping.setReplicas(next, replicas);
      // A version or uid in the Scale is a precondition on the object.
      if (wanted.metadata.resourceVersion) next.metadata.resourceVersion = wanted.metadata.resourceVersion;
      else delete next.metadata.resourceVersion;
      if (wanted.metadata.uid) next.metadata.uid = wanted.metadata.uid;
      return next;
    },
  };
}

/** How a Scale is shown, whatever it is the scale of (pkg/printers/internalversion, `printScale`). */
const scalePrinter: TablePrinter<Scale> = {
  columns: [
    column('Name', 'The name of what is scaled.'),
    column('Desired', 'How many are wanted.', 'integer'),
    column('Available', 'How many there are.', 'integer'),
    ageColumn,
  ],
  cells: (scale, now) => [nameOf(scale), scale.spec?.replicas ?? 0, scale.status?.replicas ?? 0, age(scale, now)],
};

/** A kind's definition as far as its scale goes, which is one of `autoscaling/v1`. */
export function scaleShown({ resource, ...definition }: ResourceDefinition): ResourceDefinition {
  const { isCustom: _, ...rest } = definition;
  const scale: Resource = { ...resource, group: 'autoscaling', version: 'v1', kind: 'Scale' };
  return { ...rest, resource: scale, printer: scalePrinter };
}

/** The Scale of an object. */
export function toScale(mapping: ScaleMapping<KubeObject>, object: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = mapping.selector(object);
  const replicas = mapping.replicas(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    // What is wanted is left out when it is none, as Go leaves out zeros; what there is, is not.
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: mapping.statusReplicas(object), ...(selector === '' ? {} : { selector }) },
  };
}

/** Upstream looks for the Scale among the versions of the custom resource, and so nobody can apply one. */
export function noApplyOfScale(): StatusError {
  const cause = 'request to convert CR to an invalid group/version: autoscaling/v1';
  const live = `failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper version: ${cause}`;
  return failure(500, undefined, `failed to create manager for existing fields: ${live}`);
}

/** What applying a Scale sets in the object itself: every kind that has a scale keeps it in the same field. */
export function ofScale(resource: Resource, scale: Scale): KubeObject {
  const { apiVersion, kind, metadata = {}, spec } = scale;
  if (apiVersion !== 'autoscaling/v1' || kind !== 'Scale') {
    throw badRequest(`invalid object type: ${kindText(apiVersion, kind)}`);
  }
  const replicas = spec?.replicas === undefined ? {} : { spec: { replicas: spec.replicas } };
  const object: KubeObject = { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata, ...replicas };
  return object;
}
