import {
  dns1123SubdomainProblems,
  dns1123SubdomainWithUnderscoreProblems,
} from '../../../../../shared/kubernetes/label-syntax';
import type { PodSpec } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, required, tooLong } from '../field-error';
import { legacyAddressProblems } from '../ip-addresses';
import { invalidFor } from '../values';

const MOST_NAMESERVERS = 3;
const MOST_SEARCH_PATHS = 32;
const LONGEST_SEARCH_LIST = 2048;
const LONGEST_HOST_NAME = 64;

/** How a pod's containers resolve names (`validatePodDNSConfig`). */
export function validateDnsConfig({ dnsConfig, dnsPolicy }: PodSpec, path: string): FieldError[] {
  if (dnsPolicy === 'None') {
    if (dnsConfig === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if ((dnsConfig.nameservers ?? []).length === 0) {
      return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
    }
  }
  if (dnsConfig === undefined) return [];
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  const errors: FieldError[] = [];
  if (nameservers.length > MOST_NAMESERVERS) {
    errors.push(invalid(`${path}.nameservers`, nameservers, `must not have more than ${MOST_NAMESERVERS} nameservers`));
  }
  for (const [index, server] of nameservers.entries()) {
    errors.push(...invalidFor(`${path}.nameservers[${index}]`, server, legacyAddressProblems));
  }
  if (searches.length > MOST_SEARCH_PATHS) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${MOST_SEARCH_PATHS} search paths`));
  }
  if (searches.join(' ').length > LONGEST_SEARCH_LIST) {
    const text = `must not have more than ${LONGEST_SEARCH_LIST} characters (including spaces) in the search list`;
    errors.push(invalid(`${path}.searches`, searches, text));
  }
  for (const [index, search] of searches.entries()) {
    if (search === '.') continue;
    const domain = search.endsWith('.') ? search.slice(0, -1) : search;
    errors.push(...invalidFor(`${path}.searches[${index}]`, domain, dns1123SubdomainWithUnderscoreProblems));
  }
  for (const [index, { name }] of options.entries()) {
    if (!name) errors.push(required(`${path}.options[${index}]`, 'must not be empty'));
  }
  return errors;
}

/** Lines for a pod's /etc/hosts (`ValidateHostAliases`). */
export function validateHostAliases(spec: PodSpec, path: string): FieldError[] {
  return (spec.hostAliases ?? []).flatMap(({ ip = '', hostnames = [] }, index) => [
    ...invalidFor(`${path}[${index}].ip`, ip, legacyAddressProblems),
    ...hostnames.flatMap((name, place) =>
      invalidFor(`${path}[${index}].hostnames[${place}]`, name, dns1123SubdomainProblems),
    ),
  ]);
}

/**
 * On the node's network, a container's port is the node's (`validatePodHostNetworkDeps`).
 * @param isPod a pod has its host ports filled in by now; in a template they may be left out.
 */
export function validateHostNetwork(spec: PodSpec, isPod: boolean, path: string): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return (spec.containers ?? []).flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ hostPort = 0, containerPort = 0 }, place) =>
      hostPort === containerPort || (hostPort === 0 && !isPod)
        ? []
        : [
            invalid(
              `${path}.containers[${index}].ports[${place}].hostPort`,
              hostPort,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ],
    ),
  );
}

/** A host name that is nobody's business but the pod's (`validatePodHostName`). */
export function validateHostnameOverride(spec: PodSpec, path: string): FieldError[] {
  const { hostnameOverride: name, setHostnameAsFQDN, hostNetwork } = spec;
  if (name === undefined) return [];
  const errors: FieldError[] = [];
  if (setHostnameAsFQDN === true) errors.push(forbidden(path, 'may not be specified when setHostnameAsFQDN is true'));
  if (hostNetwork === true) errors.push(forbidden(path, 'may not be specified when hostNetwork is true'));
  if (name.length > LONGEST_HOST_NAME) errors.push(tooLong(path, LONGEST_HOST_NAME));
  errors.push(...invalidFor(path, name, dns1123SubdomainProblems));
  return errors;
}
