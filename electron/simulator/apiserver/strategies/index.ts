import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import { anyDefinition, type ResourceDefinition } from '../registry/definition';
import { apiServiceDefinition } from './apiservices';
import { certificateSigningRequestDefinition } from './certificatesigningrequests';
import { clusterRoleBindingDefinition } from './clusterrolebindings';
import { clusterRoleDefinition } from './clusterroles';
import { componentStatusDefinition } from './componentstatuses';
import { configMapDefinition } from './configmaps';
import { controllerRevisionDefinition } from './controllerrevisions';
import { cronJobDefinition } from './cronjobs';
import { csiDriverDefinition } from './csidrivers';
import { csiNodeDefinition } from './csinodes';
import { csiStorageCapacityDefinition } from './csistoragecapacities';
import { customResourceDefinitionDefinition } from './customresourcedefinitions';
import { daemonSetDefinition } from './daemonsets';
import { deploymentDefinition } from './deployments';
import { deviceClassDefinition } from './deviceclasses';
import { endpointsDefinition } from './endpoints';
import { endpointSliceDefinition } from './endpointslices';
import { eventDefinition } from './events';
import { eventV1Definition } from './events-v1';
import { flowSchemaDefinition } from './flowschemas';
import { horizontalPodAutoscalerDefinition } from './horizontalpodautoscalers';
import { horizontalPodAutoscalerV1Definition } from './horizontalpodautoscalers-v1';
import { ingressClassDefinition } from './ingressclasses';
import { ingressDefinition } from './ingresses';
import { ipAddressDefinition } from './ipaddresses';
import { jobDefinition } from './jobs';
import { leaseDefinition } from './leases';
import { limitRangeDefinition } from './limitranges';
import { mutatingAdmissionPolicyDefinition } from './mutatingadmissionpolicies';
import { mutatingAdmissionPolicyBindingDefinition } from './mutatingadmissionpolicybindings';
import { mutatingWebhookConfigurationDefinition } from './mutatingwebhookconfigurations';
import { namespaceDefinition } from './namespaces';
import { networkPolicyDefinition } from './networkpolicies';
import { nodeDefinition } from './nodes';
import { persistentVolumeClaimDefinition } from './persistentvolumeclaims';
import { persistentVolumeDefinition } from './persistentvolumes';
import { podDisruptionBudgetDefinition } from './poddisruptionbudgets';
import { podDefinition } from './pods';
import { podTemplateDefinition } from './podtemplates';
import { priorityClassDefinition } from './priorityclasses';
import { priorityLevelConfigurationDefinition } from './prioritylevelconfigurations';
import { replicaSetDefinition } from './replicasets';
import { replicationControllerDefinition } from './replicationcontrollers';
import { resourceClaimDefinition } from './resourceclaims';
import { resourceClaimTemplateDefinition } from './resourceclaimtemplates';
import { resourceQuotaDefinition } from './resourcequotas';
import { resourceSliceDefinition } from './resourceslices';
import { roleBindingDefinition } from './rolebindings';
import { roleDefinition } from './roles';
import { type GroupVersion, isServed, type RuntimeConfig } from './runtime-config';
import { runtimeClassDefinition } from './runtimeclasses';
import { secretDefinition } from './secrets';
import { serviceAccountDefinition } from './serviceaccounts';
import { serviceCidrDefinition } from './servicecidrs';
import { serviceDefinition } from './services';
import { statefulSetDefinition } from './statefulsets';
import { storageClassDefinition } from './storageclasses';
import { validatingAdmissionPolicyDefinition } from './validatingadmissionpolicies';
import { validatingAdmissionPolicyBindingDefinition } from './validatingadmissionpolicybindings';
import { validatingWebhookConfigurationDefinition } from './validatingwebhookconfigurations';
import { volumeAttachmentDefinition } from './volumeattachments';
import { volumeAttributesClassDefinition } from './volumeattributesclasses';

/**
 * Defaulting is part of decoding: a quantity that cannot be read is an answer of its own, before validation.
 */
function listed<T extends KubeObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  const { strategy, resource } = definition;
  const applyDefaults = (object: T) => {
    try {
      strategy.applyDefaults?.(object);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new StatusError({
        apiVersion: 'v1',
        kind: 'Status',
        metadata: {},
        status: 'Failure',
        reason: 'BadRequest',
        code: 400,
        message: `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${error.message}`,
      });
    }
  };
  return anyDefinition({ ...definition, strategy: { ...strategy, applyDefaults } });
}

/** Every kind that can be served, in the order of discovery. */
const allDefinitions: readonly ResourceDefinition[] = [
  listed(apiServiceDefinition),
  listed(certificateSigningRequestDefinition),
  listed(clusterRoleBindingDefinition),
  listed(clusterRoleDefinition),
  listed(componentStatusDefinition()),
  listed(configMapDefinition),
  listed(controllerRevisionDefinition),
  listed(cronJobDefinition),
  listed(csiDriverDefinition),
  listed(csiNodeDefinition),
  listed(csiStorageCapacityDefinition),
  listed(customResourceDefinitionDefinition),
  listed(daemonSetDefinition),
  listed(deploymentDefinition),
  listed(deviceClassDefinition),
  listed(endpointsDefinition),
  listed(endpointSliceDefinition),
  listed(eventDefinition),
  listed(eventV1Definition),
  listed(flowSchemaDefinition),
  listed(horizontalPodAutoscalerDefinition),
  listed(horizontalPodAutoscalerV1Definition),
  listed(ingressClassDefinition),
  listed(ingressDefinition),
  listed(ipAddressDefinition),
  listed(jobDefinition),
  listed(leaseDefinition),
  listed(limitRangeDefinition),
  listed(mutatingAdmissionPolicyDefinition),
  listed(mutatingAdmissionPolicyBindingDefinition),
  listed(mutatingWebhookConfigurationDefinition),
  listed(namespaceDefinition),
  listed(networkPolicyDefinition),
  listed(nodeDefinition),
  listed(persistentVolumeClaimDefinition),
  listed(persistentVolumeDefinition),
  listed(podDisruptionBudgetDefinition),
  listed(podDefinition),
  listed(podTemplateDefinition),
  listed(priorityClassDefinition),
  listed(priorityLevelConfigurationDefinition),
  listed(replicaSetDefinition),
  listed(replicationControllerDefinition),
  listed(resourceClaimDefinition),
  listed(resourceClaimTemplateDefinition),
  listed(resourceQuotaDefinition),
  listed(resourceSliceDefinition),
  listed(roleBindingDefinition),
  listed(roleDefinition),
  listed(runtimeClassDefinition),
  listed(secretDefinition),
  listed(serviceAccountDefinition),
  listed(serviceCidrDefinition),
  listed(serviceDefinition),
  listed(statefulSetDefinition),
  listed(storageClassDefinition),
  listed(validatingAdmissionPolicyDefinition),
  listed(validatingAdmissionPolicyBindingDefinition),
  listed(validatingWebhookConfigurationDefinition),
  listed(volumeAttachmentDefinition),
  listed(volumeAttributesClassDefinition),
];

/** The kinds that are served as `--runtime-config` says. */
export function servedDefinitions(config: RuntimeConfig = {}): readonly ResourceDefinition[] {
  return allDefinitions.filter(({ resource }) => isServed(resource, config));
}

/** Those that are served unless somebody says otherwise. */
export const builtInDefinitions = servedDefinitions();

/** What is served only when somebody says so. */
export const UNSERVED: readonly string[] = [
  ...new Set(
    allDefinitions
      .map(({ resource }) => resource)
      .filter((each) => !isServed(each, {}))
      .map(apiVersionOf),
  ),
];

/** The groups and versions that `--runtime-config` may name. */
export const knownGroupVersions: readonly GroupVersion[] = allDefinitions.map(({ resource }) => resource);
