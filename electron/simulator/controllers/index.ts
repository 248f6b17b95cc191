import type { ComponentDefinition } from '../component';
import { replicaSetController } from './replica-set';

/** What kube-controller-manager runs. */
export const controllers: readonly ComponentDefinition[] = [replicaSetController];
