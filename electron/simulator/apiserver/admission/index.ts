import type { Random } from '../../random';
import { defaultIngressClass, defaultStorageClass } from './default-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { limitRanger } from './limit-ranger';
import { namespaceLifecycle } from './namespace-lifecycle';
import type { AdmissionPluginFactory } from './plugin';
import { priority } from './priority';
import { serviceAccount } from './service-account';

/** The plugins in the order they are asked, upstream's (pkg/kubeapiserver/options/plugins.go). */
export function admissionPlugins(random: Random): readonly AdmissionPluginFactory[] {
  return [
    namespaceLifecycle,
    limitRanger,
    serviceAccount(random),
    priority,
    defaultTolerationSeconds,
    defaultStorageClass,
    defaultIngressClass,
  ];
}
