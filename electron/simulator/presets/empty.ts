import type { Preset } from './preset';

/** For those who test a controller of their own. */
export const empty: Preset = {
  name: 'empty',
  description: 'An API server and its controllers, without nodes or add-ons',
  nodes: [],
  objects: () => [],
};
