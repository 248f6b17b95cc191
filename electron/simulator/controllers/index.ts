import type { ComponentDefinition } from '../component';
import { attachDetachController } from './attach-detach';
import { certificateApproving } from './certificates/approving';
import { certificateCleaner } from './certificates/cleaner';
import { clusterRoleAggregation } from './cluster-role-aggregation';
import { cronJobController } from './cron-job';
import { daemonSetController } from './daemon-set';
import { deploymentController } from './deployment';
import { disruptionController } from './disruption';
import { endpointSliceController } from './endpoints/endpoint-slice';
import { endpointsController } from './endpoints/endpoints';
import { eventExpiry } from './event-expiry';
import { garbageCollector } from './garbage-collector';
import { horizontalController } from './horizontal-pod-autoscaler';
import { jobController } from './job';
import { namespaceController } from './namespace';
import { nodeLifecycleController } from './node-lifecycle';
import { persistentVolumeController } from './persistent-volume';
import { expandController } from './persistent-volume/expansion';
import { attributesProtection, claimProtection, volumeProtection } from './persistent-volume/protection';
import { podGarbageCollector } from './pod-garbage-collector';
import { replicaSetController, replicationControllerController } from './replica-set';
import { resourceQuotaController } from './resource-quota';
import { rootCaPublisher } from './root-ca-publisher';
import { serviceAccountController } from './service-account';
import { serviceCidrController } from './service-cidrs';
import { statefulSetController } from './stateful-set';
import { taintEvictionController } from './taint-eviction';
import { ttlAfterFinished } from './ttl-after-finished';

/** What kube-controller-manager runs. */
export const controllers: readonly ComponentDefinition[] = [
  attributesProtection,
  certificateApproving,
  certificateCleaner,
  claimProtection,
  clusterRoleAggregation,
  cronJobController,
  daemonSetController,
  deploymentController,
  disruptionController,
  endpointSliceController,
  endpointsController,
  eventExpiry,
  garbageCollector,
  horizontalController,
  jobController,
  namespaceController,
  nodeLifecycleController,
  persistentVolumeController,
  expandController,
  attachDetachController,
  podGarbageCollector,
  replicaSetController,
  replicationControllerController,
  resourceQuotaController,
  rootCaPublisher,
  serviceAccountController,
  serviceCidrController,
  statefulSetController,
  taintEvictionController,
  ttlAfterFinished,
  volumeProtection,
];
