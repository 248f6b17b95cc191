import type { ComponentDefinition } from '../component';
import { cronJobController } from './cron-job';
import { daemonSetController } from './daemon-set';
import { deploymentController } from './deployment';
import { endpointSliceController } from './endpoints/endpoint-slice';
import { endpointsController } from './endpoints/endpoints';
import { garbageCollector } from './garbage-collector';
import { jobController } from './job';
import { namespaceController } from './namespace';
import { replicaSetController } from './replica-set';
import { rootCaPublisher } from './root-ca-publisher';
import { serviceAccountController } from './service-account';

/** What kube-controller-manager runs. */
export const controllers: readonly ComponentDefinition[] = [
  cronJobController,
  daemonSetController,
  deploymentController,
  endpointSliceController,
  endpointsController,
  garbageCollector,
  jobController,
  namespaceController,
  replicaSetController,
  rootCaPublisher,
  serviceAccountController,
];
