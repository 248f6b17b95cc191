import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Registry, WriteRequest } from '../registry/registry';
import type { UpdateMode } from '../registry/update';
import type { Stored } from '../storage/stored';

/** Another view of an object under a path of its own, read and written by GET, PUT and PATCH: `status`, `scale`. */
export interface ObjectView {
  readonly mode: UpdateMode;
  /** What GET gives, and what a patch is applied to. */
  view(object: KubeObject): KubeObject;
  /** The object as it becomes when the view is to be `wanted`. The present object must not be changed. */
  merge(current: KubeObject, wanted: KubeObject): KubeObject;
}

/** What a POST to a subresource does: `binding`, `eviction`, `token`. */
export type SubresourceAction = (
  registry: Registry,
  request: WriteRequest,
  target: Stored,
  body: KubeObject,
) => Promise<KubeObject>;
