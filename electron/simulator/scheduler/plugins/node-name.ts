import type { Plugin } from '../framework';

const REJECTION = { plugin: 'NodeName', reasons: ["node(s) didn't match the requested node name"], resolvable: false };

/** A pod that names its node goes nowhere else. */
export const nodeName: Plugin = {
  name: 'NodeName',
  helpedBy: ['node'],
  preFilter: ({ pod }) => {
    const wanted = pod.spec?.nodeName;
    return wanted ? { filter: ({ name }) => (name === wanted ? undefined : REJECTION) } : undefined;
  },
};
