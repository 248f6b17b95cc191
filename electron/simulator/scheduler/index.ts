import type { ComponentDefinition } from '../component';
import { Scheduler } from './scheduler';

/** kube-scheduler with its default profile. */
export const scheduler: ComponentDefinition = {
  name: 'kube-scheduler',
  user: 'system:kube-scheduler',
  eventSource: { component: 'default-scheduler' },
  create: (context) => new Scheduler(context),
};
