import type { ApiClient } from './client';
import type { Clock } from './clock';
import type { EventRecorder } from './events/event-recorder';
import type { InformerFactory } from './informer';
import type { Log } from './log';
import type { Random } from './random';

/** What a controller, the scheduler or a kubelet is given to live on. */
export interface ComponentContext {
  /** Acts as the component's own user. */
  readonly client: ApiClient;
  /** Shared by all components of the process, as kube-controller-manager's are. */
  readonly informers: InformerFactory;
  readonly clock: Clock;
  /** The component's own fork: its draws do not shift another's. */
  readonly random: Random;
  readonly events: EventRecorder;
  readonly log: Log;
  /** Starts a further component, whose end is up to who started it. */
  launch(definition: ComponentDefinition): Component;
}

/** A running part of the cluster. Made with its informers and handlers in place; `start` is called once they have synced. */
export interface Component {
  readonly name: string;
  start(): void;
  stop(): void;
}

/** How a component is listed: its name, whom it acts as, and how it is made. */
export interface ComponentDefinition {
  readonly name: string;
  /** The user name for requests, such as `system:kube-scheduler` or `system:serviceaccount:kube-system:job-controller`. */
  readonly user: string;
  /** The user's groups; absent: those of a service account, or `system:authenticated` for other names. */
  readonly groups?: readonly string[];
  /** What its events give as their source; absent: the component's name. */
  readonly eventSource?: { readonly component: string; readonly host?: string };
  create(context: ComponentContext): Component;
}
