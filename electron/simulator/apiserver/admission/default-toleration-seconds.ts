import type { Pod } from '../../../../shared/kubernetes/objects';
import { pods } from '../../../../shared/kubernetes/resources';
import { written } from './concerns';
import type { AdmissionPluginFactory } from './plugin';

type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];

const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const SECONDS = 300;

/** Lets a pod stay for five minutes on a node that is lost (plugin/pkg/admission/defaulttolerationseconds). */
export const defaultTolerationSeconds: AdmissionPluginFactory = () => ({
  name: 'DefaultTolerationSeconds',
  changes: ['pods'],
  admit(request) {
    const pod = written(request, pods, 'CREATE', 'UPDATE');
    if (pod?.spec === undefined) return;
    const present = pod.spec.tolerations ?? [];
    const missing = KEYS.filter((key) => !present.some((toleration) => tolerates(toleration, key)));
    if (missing.length === 0) return;
    pod.spec.tolerations = [
      ...present,
      ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS })),
    ];
  },
});

function tolerates({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === 'NoExecute');
}
