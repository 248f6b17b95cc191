import type { Random } from '../../random';
import type { RbacAuthorizer } from '../authorization/rbac';
import { defaultIngressClass, defaultStorageClass } from './default-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { limitRanger } from './limit-ranger';
import { namespaceLifecycle } from './namespace-lifecycle';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize';
import type { AdmissionPluginFactory } from './plugin';
import { priority } from './priority';
import { roleEscalation } from './role-escalation';
import { serviceAccount } from './service-account';
import { storageObjectInUseProtection } from './storage-object-in-use-protection';
import { taintNodesByCondition } from './taint-nodes-by-condition';

/** The plugins in the order they are asked, upstream's (pkg/kubeapiserver/options/plugins.go). */
export function admissionPlugins(random: Random, authorizer: RbacAuthorizer): readonly AdmissionPluginFactory[] {
  return [
    namespaceLifecycle,
    limitRanger,
    serviceAccount(random),
    taintNodesByCondition,
    priority,
    defaultTolerationSeconds,
    defaultStorageClass,
    storageObjectInUseProtection,
    persistentVolumeClaimResize,
    defaultIngressClass,
    roleEscalation(authorizer),
  ];
}
