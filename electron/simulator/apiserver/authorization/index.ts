import type { ApiClient, UserInfo } from '../../client';
import type { RequestAttributes } from '../request';
import type { Authorizer, Decision, HeldRules, LiveAuthorizer } from './authorizer';
import { alwaysAllow, alwaysDeny, privilegedGroup } from './fixed';
import { NodeAuthorizer } from './node';
import { RbacAuthorizer } from './rbac';

/** What `--authorization-mode` takes. */
export const AUTHORIZATION_MODES = ['Node', 'RBAC', 'AlwaysAllow', 'AlwaysDeny'] as const;
export type AuthorizationMode = (typeof AUTHORIZATION_MODES)[number];

/** As kubeadm sets kube-apiserver up. */
const DEFAULT_AUTHORIZATION_MODES: readonly AuthorizationMode[] = ['Node', 'RBAC'];

/**
 * Asks one authorizer after another until one allows the request (apiserver/pkg/authorization/union). The privileged group
 * is let through before any of them.
 */
export class ClusterAuthorizer implements LiveAuthorizer {
  /** Knows the roles in every mode: nobody may grant what they do not hold. */
  readonly rbac = new RbacAuthorizer();
  readonly #node: NodeAuthorizer | undefined;
  readonly #chain: readonly Authorizer[];

  constructor(modes: readonly AuthorizationMode[] = DEFAULT_AUTHORIZATION_MODES) {
    this.#node = modes.includes('Node') ? new NodeAuthorizer() : undefined;
    const named: Readonly<Record<AuthorizationMode, Authorizer | undefined>> = {
      Node: this.#node,
      RBAC: this.rbac,
      AlwaysAllow: alwaysAllow,
      AlwaysDeny: alwaysDeny,
    };
    this.#chain = [privilegedGroup, ...modes.flatMap((mode) => named[mode] ?? [])];
  }

  async start(client: ApiClient): Promise<void> {
    await Promise.all([this.rbac.start(client), this.#node?.start(client)]);
  }

  stop(): void {
    this.rbac.stop();
    this.#node?.stop();
  }

  authorize(attributes: RequestAttributes): Decision {
    let reasons = '';
    for (const authorizer of this.#chain) {
      const decision = authorizer.authorize(attributes);
      if (decision.allowed) return decision;
      if (decision.reason !== '') reasons += reasons === '' ? decision.reason : `\n${decision.reason}`;
    }
    return { allowed: false, reason: reasons };
  }

  rulesFor(user: UserInfo, namespace: string): HeldRules {
    const held = this.#chain.flatMap((authorizer) => authorizer.rulesFor?.(user, namespace) ?? []);
    const errors = [...new Set(held.map(({ error }) => error).filter((error) => error !== ''))];
    return {
      rules: held.flatMap(({ rules }) => rules),
      incomplete: held.some(({ incomplete }) => incomplete),
      error: errors.length > 1 ? `[${errors.join(', ')}]` : (errors[0] ?? ''),
    };
  }
}
