import type { KubeletConnector } from '../../kubelet-api';
import type { Random } from '../../random';
import type { Authorizer } from '../authorization/authorizer';
import { type FeatureGates, isEnabled } from '../feature-gates';
import { WebhookClient } from '../webhook/client';
import { serviceDialer } from '../webhook/service-dialer';
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates';
import { defaultIngressClass, defaultStorageClass } from './default-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { denyServiceExternalIps } from './deny-service-external-ips';
import { limitPodHardAntiAffinityTopology } from './limit-pod-hard-anti-affinity-topology';
import { limitRanger } from './limit-ranger';
import { namespaceLifecycle } from './namespace-lifecycle';
import { nodeRestriction } from './node-restriction';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize';
import type { AdmissionPlugin, AdmissionPluginFactory, ServedApi } from './plugin';
import { podSecurity } from './pod-security';
import { podTopologyLabels } from './pod-topology-labels';
import { mutatingAdmissionPolicy } from './policy/mutating';
import { validatingAdmissionPolicy } from './policy/validating';
import { priority } from './priority';
import { resourceQuota } from './resource-quota';
import { runtimeClass } from './runtime-class';
import { serviceAccount } from './service-account';
import { storageObjectInUseProtection } from './storage-object-in-use-protection';
import { taintNodesByCondition } from './taint-nodes-by-condition';
import { mutatingWebhook } from './webhook/mutating';
import { validatingWebhook } from './webhook/validating';

/** A plugin as `--enable-admission-plugins` and `--disable-admission-plugins` know it. */
export interface KnownPlugin {
  readonly name: string;
  /** Whether it runs unless disabled. Upstream's defaults, and NodeRestriction, which every installer switches on. */
  readonly default: boolean;
  make(environment: PluginEnvironment): AdmissionPluginFactory;
}

/** What some plugins are made with besides a client and a clock. */
export interface PluginEnvironment {
  readonly random: Random;
  readonly authorizer: Authorizer;
  readonly kubelets: KubeletConnector;
  readonly features: FeatureGates;
}

/** All of them in the order they are asked, upstream's (pkg/kubeapiserver/options/plugins.go). */
export const knownPlugins: readonly KnownPlugin[] = [
  on('NamespaceLifecycle', namespaceLifecycle),
  off('LimitPodHardAntiAffinityTopology', limitPodHardAntiAffinityTopology),
  on('LimitRanger', limitRanger),
  { name: 'ServiceAccount', default: true, make: ({ random }) => serviceAccount(random) },
  { name: 'NodeRestriction', default: true, make: ({ authorizer }) => nodeRestriction(authorizer) },
  on('TaintNodesByCondition', taintNodesByCondition),
  on('PodSecurity', podSecurity),
  on('Priority', priority),
  on('DefaultTolerationSeconds', defaultTolerationSeconds),
  on('DefaultStorageClass', defaultStorageClass),
  on('StorageObjectInUseProtection', storageObjectInUseProtection),
  on('PersistentVolumeClaimResize', persistentVolumeClaimResize),
  on('RuntimeClass', runtimeClass),
  asking('CertificateApproval', certificateApproval),
  asking('CertificateSigning', certificateSigning),
  on('CertificateSubjectRestriction', () => certificateSubjectRestriction),
  on('DefaultIngressClass', defaultIngressClass),
  off('DenyServiceExternalIPs', denyServiceExternalIps),
  on('PodTopologyLabels', podTopologyLabels),
  {
    name: 'MutatingAdmissionPolicy',
    default: true,
    make: ({ authorizer, features }) =>
      isEnabled('MutatingAdmissionPolicy', features)
        ? mutatingAdmissionPolicy(authorizer)
        : () => ({ name: 'MutatingAdmissionPolicy' }),
  },
  {
    name: 'MutatingAdmissionWebhook',
    default: true,
    make: ({ authorizer, random, kubelets }) => mutatingWebhook(authorizer, random.fork(), webhooks(kubelets)),
  },
  {
    name: 'ValidatingAdmissionPolicy',
    default: true,
    make: ({ authorizer }) => validatingAdmissionPolicy(authorizer),
  },
  {
    name: 'ValidatingAdmissionWebhook',
    default: true,
    make: ({ authorizer, random, kubelets }) => validatingWebhook(authorizer, random.fork(), webhooks(kubelets)),
  },
  // Last, so that nothing is charged for what another refuses.
  on('ResourceQuota', resourceQuota),
];

/** A plugin that asks what else the user may do. */
function asking(name: string, make: (authorizer: Authorizer) => AdmissionPlugin): KnownPlugin {
  return {
    name,
    default: true,
    make:
      ({ authorizer }) =>
      () =>
        make(authorizer),
  };
}

function on(name: string, factory: AdmissionPluginFactory): KnownPlugin {
  return { name, default: true, make: () => factory };
}

function off(name: string, factory: AdmissionPluginFactory): KnownPlugin {
  return { name, default: false, make: () => factory };
}

function webhooks(kubelets: KubeletConnector): (api: ServedApi) => WebhookClient {
  return (api) => new WebhookClient(serviceDialer(api, kubelets));
}
