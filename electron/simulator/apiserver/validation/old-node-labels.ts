/** Labels of nodes that have newer names, or no meaning any more (pkg/api/node, `deprecatedNodeLabels`). */
const OLD: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** What to say of a label that is old; `undefined` of any other. */
export function oldNodeLabel(key: string): string | undefined {
  return OLD.get(key);
}

/**
 * What to warn of in expressions over node labels.
 * @param path of the list of them.
 */
export function expressionWarnings(expressions: readonly { readonly key: string }[], path: string): string[] {
  return expressions.flatMap(({ key }, index) => {
    const text = OLD.get(key);
    return text === undefined ? [] : [`${path}[${index}].key: ${key} is ${text}`];
  });
}
