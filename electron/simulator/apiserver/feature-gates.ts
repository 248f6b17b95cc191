import { parseBool } from './parse-bool';

/** Features that can be switched, and whether they are on unless somebody says otherwise (pkg/features/kube_features.go). */
const DEFAULTS = {
  /** Beta since 1.34, and off: who wants it switches on its API as well. */
  MutatingAdmissionPolicy: false,
} as const;

export type Feature = keyof typeof DEFAULTS;

/** The names of all. */
export const FEATURES: readonly string[] = Object.keys(DEFAULTS);

/** What `--feature-gates` says. */
export type FeatureGates = Readonly<Partial<Record<Feature, boolean>>>;

export function isEnabled(feature: Feature, gates: FeatureGates = {}): boolean {
  return gates[feature] ?? DEFAULTS[feature];
}

/**
 * Reads `MutatingAdmissionPolicy=true`.
 * @throws Error with upstream's texts (k8s.io/component-base/featuregate/feature_gate.go). Gates of what is not simulated are
 * not known.
 */
export function parseFeatureGates(parts: readonly string[]): FeatureGates {
  const gates: Partial<Record<Feature, boolean>> = {};
  for (const part of parts) {
    const [name, text] = keyAndValue(part);
    if (text === undefined) throw new Error(`missing bool value for ${name}`);
    const value = goBoolean(`${name}=${text}`, text);
    // A component may be named before the feature; here there is one.
    const feature = name.replace(/^kube:/, '');
    if (!isFeature(feature)) throw new Error(`unrecognized feature gate: ${feature}`);
    gates[feature] = value;
  }
  return gates;
}

function isFeature(name: string): name is Feature {
  return Object.hasOwn(DEFAULTS, name);
}

/** One part of a flag that takes several: `key=value`, or `key` alone. */
export function keyAndValue(part: string): readonly [string, string | undefined] {
  const equals = part.indexOf('=');
  return equals < 0 ? [part.trim(), undefined] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
}

/** A flag's value. @param what whose it is. @throws Error */
export function goBoolean(what: string, text: string): boolean {
  const value = parseBool(text);
  if (value !== undefined) return value;
  throw new Error(`invalid value of ${what}, err: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}
