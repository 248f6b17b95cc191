/** On a claim: the node that its first pod is to run on (component-helpers/storage/volume). */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** On a claim: who is to make its volume. */
export const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
/** On a volume: who has made it. */
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
