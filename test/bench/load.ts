import type { HttpsApi } from '../support/https-api';

/** Does a numbered step so many times, by so many clients that each wait for their answer. */
export async function inParallel(
  clients: number,
  count: number,
  step: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const client = async () => {
    while (next < count) await step(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/**
 * Pods that no scheduler takes: they lie still, so that only what is asked of them is measured.
 * @param from the number of the first; the names are those of the numbers up to `to`.
 */
export function createPods(api: HttpsApi, to: number, from = 0): Promise<void> {
  return inParallel(16, to - from, async (index) => {
    const name = `pod-${String(from + index).padStart(5, '0')}`;
    await api.send('POST', '/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: 'bench' } },
      spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'nginx:1.27' }] },
    });
  });
}
