import type {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../../../../../shared/kubernetes/objects';
import { type Conditions, compileConditions } from '../cel/conditions';

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration;
type Webhook = NonNullable<MutatingWebhookConfiguration['webhooks']>[number];

/** A webhook with where it stands. */
export interface Hook {
  /** Of the configuration. */
  readonly configuration: string;
  readonly webhook: Webhook;
  /** The same as long as the webhook keeps its place. */
  readonly uid: string;
  readonly conditions: Conditions;
}

const known = new WeakMap<Configuration, readonly Hook[]>();

/** All webhooks of the configurations: these by their names, each with its own in order (plugin/webhook/configuration). */
export function hooksOf(configurations: Iterable<Configuration>): Hook[] {
  const sorted = [...configurations].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  return sorted.flatMap((configuration) => {
    let hooks = known.get(configuration);
    if (hooks === undefined) {
      hooks = (configuration.webhooks ?? []).map((webhook: Webhook, index) => ({
        configuration: configuration.metadata.name ?? '',
        webhook,
        uid: `${configuration.metadata.name}/${webhook.name}/${index}`,
        conditions: compileConditions(webhook.matchConditions, false),
      }));
      known.set(configuration, hooks);
    }
    return hooks;
  });
}
