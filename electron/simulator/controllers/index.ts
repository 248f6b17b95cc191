import type { ComponentDefinition } from '../component';
import { deploymentController } from './deployment';
import { replicaSetController } from './replica-set';

/** What kube-controller-manager runs. */
export const controllers: readonly ComponentDefinition[] = [deploymentController, replicaSetController];
