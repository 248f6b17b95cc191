import type { V1LabelSelector, V1OwnerReference } from '@kubernetes/client-node';
import type { Json } from './objects';

/** Parts that many kinds share (`meta/v1`), as they stand on the wire. */
export type LabelSelector = Json<V1LabelSelector>;
export type OwnerReference = Json<V1OwnerReference>;
