import type { Authorizer } from './authorizer';

/** Whoever is in it may do everything, whatever the rules say (`user.SystemPrivilegedGroup`). */
const PRIVILEGED_GROUP = 'system:masters';

/** Lets the privileged group through, in every mode (authorizerfactory.NewPrivilegedGroups). */
export const privilegedGroup: Authorizer = {
  authorize: ({ user }) => ({ allowed: user.groups.includes(PRIVILEGED_GROUP), reason: '' }),
};

/** `--authorization-mode=AlwaysAllow`. */
export const alwaysAllow: Authorizer = {
  authorize: () => ({ allowed: true, reason: '' }),
  rulesFor: () => ({
    rules: [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ],
    incomplete: false,
    error: '',
  }),
};

/** `--authorization-mode=AlwaysDeny`. */
export const alwaysDeny: Authorizer = {
  authorize: () => ({ allowed: false, reason: 'Everything is forbidden.' }),
  rulesFor: () => ({ rules: [], incomplete: false, error: '' }),
};
