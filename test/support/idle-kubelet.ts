import type { KubeletApi } from '../../electron/simulator/kubelet-api';

/** A kubelet on whose node nothing happens: every part that a test is about is its own. */
export const idleKubelet: KubeletApi = {
  usage: () => ({ node: { nanocores: 0, bytes: 0 }, containers: [] }),
  async *logs() {},
  find() {},
  exec: async () => 0,
  attach: async () => {},
  dial() {
    throw new Error('nobody listens');
  },
};
