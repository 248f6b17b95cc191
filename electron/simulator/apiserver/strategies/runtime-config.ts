import type { Resource } from '../../../../shared/kubernetes/resources';
import { goBoolean, keyAndValue } from '../feature-gates';

/** What `--runtime-config` says: which of the built-in APIs are served. */
export type RuntimeConfig = Readonly<Record<string, boolean>>;

export type GroupVersion = Pick<Resource, 'group' | 'version'>;

const STABILITIES: readonly (readonly [string, RegExp])[] = [
  ['api/all', /./],
  ['api/ga', /^v\d+$/],
  ['api/beta', /^v\d+beta\d+$/],
  ['api/alpha', /^v\d+alpha\d+$/],
];

/**
 * Whether a resource is served: what is stable is, what is not is not, unless the configuration says otherwise; the more it
 * names the more it counts (k8s.io/apiserver/pkg/server/resourceconfig/helpers.go).
 */
export function isServed(resource: Pick<Resource, 'group' | 'version' | 'resource'>, config: RuntimeConfig): boolean {
  let served = /^v\d+$/.test(resource.version);
  for (const [key, pattern] of STABILITIES) if (pattern.test(resource.version)) served = config[key] ?? served;
  const { group, version } = resource;
  return config[`${group}/${version}/${resource.resource}`] ?? config[`${group}/${version}`] ?? served;
}

/**
 * Reads `api/beta=true,admissionregistration.k8s.io/v1beta1=true`.
 * @param known what can be served.
 * @throws Error with upstream's texts (server/options/api_enablement.go and resourceconfig/helpers.go).
 */
export function parseRuntimeConfig(parts: readonly string[], known: readonly GroupVersion[]): RuntimeConfig {
  const config = Object.fromEntries(
    parts.map((part): [string, boolean] => {
      const [key = '', value = ''] = keyAndValue(part);
      if (!STABILITIES.some(([name]) => name === key)) {
        checkKey(key, known);
        return [key, value === '' || goBoolean(`${key}: ${value}`, value)];
      }
      if (value !== 'true' && value !== 'false') throw new Error(`invalid value ${key}=${value}`);
      return [key, value === 'true'];
    }),
  );
  if (config['api/all'] === false && Object.keys(config).length === 1) {
    throw new Error('invalid key with only api/all=false');
  }
  return config;
}

function checkKey(key: string, known: readonly GroupVersion[]): void {
  const names = key.split('/');
  if (names.length !== 2 && names.length !== 3) throw new Error(`runtime-config invalid key ${key}`);
  const [group = '', version = ''] = names;
  if (!known.some((each) => each.group === group)) throw new Error(`unknown api groups ${group}`);
  if (!known.some((each) => each.group === group && each.version === version)) {
    throw new Error(`group version ${group}/${version} that has not been registered`);
  }
}
