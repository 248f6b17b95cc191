import type { ComponentDefinition } from '../component';
import { SchedulingAttempts } from './attempts';
import { Scheduler } from './scheduler';

/**
 * kube-scheduler with its default profile.
 * @param attempts where it notes what it found.
 */
export const schedulerNoting = (attempts: SchedulingAttempts): ComponentDefinition => ({
  name: 'kube-scheduler',
  user: 'system:kube-scheduler',
  eventSource: { component: 'default-scheduler' },
  create: (context) => new Scheduler(context, attempts),
});

/** The same, for who asks only where pods go. */
export const scheduler: ComponentDefinition = schedulerNoting(new SchedulingAttempts());
