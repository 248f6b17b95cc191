import type { KubeletConnector } from '../../kubelet-api';
import type { Random } from '../../random';
import type { ClusterAuthorizer } from '../authorization';
import type { FeatureGates } from '../feature-gates';
import { knownPlugins } from './known-plugins';
import type { AdmissionPluginFactory } from './plugin';
import { policyParameterAccess } from './policy/parameter-access';
import { roleEscalation } from './role-escalation';

/** Which plugins run other than by default. */
export interface PluginChoice {
  /** `--enable-admission-plugins`. */
  readonly enable?: readonly string[];
  /** `--disable-admission-plugins`. */
  readonly disable?: readonly string[];
}

/**
 * The plugins that run, in their order.
 * @throws Error with upstream's text for a name that nobody knows, or one both enabled and disabled.
 */
export function admissionPlugins(
  random: Random,
  authorizer: ClusterAuthorizer,
  kubelets: KubeletConnector,
  { enable = [], disable = [] }: PluginChoice = {},
  features: FeatureGates = {},
): readonly AdmissionPluginFactory[] {
  checkNames('enable-admission-plugins', enable);
  checkNames('disable-admission-plugins', disable);
  const both = [...new Set(enable)].filter((name) => disable.includes(name)).sort();
  if (both.length > 0) {
    throw new Error(`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`);
  }
  return [
    ...knownPlugins
      .filter((plugin) => enable.includes(plugin.name) || (plugin.default && !disable.includes(plugin.name)))
      .map((plugin) => plugin.make({ random, authorizer, kubelets, features })),
    // No plugins upstream, and not to be switched off.
    roleEscalation(authorizer),
    policyParameterAccess(authorizer),
  ];
}

function checkNames(flag: string, names: readonly string[]): void {
  const unknown = names.find((name) => !knownPlugins.some((plugin) => plugin.name === name));
  if (unknown !== undefined) throw new Error(`${flag} plugin ${JSON.stringify(unknown)} is unknown`);
}
