import { portNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { NetworkPolicy } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid, required } from './field-error';
import { cidrWarnings, isStrictSubset, legacyCidrProblems } from './ip-addresses';
import { validateLabelSelector } from './labels';
import { invalidFor, oneOf, portNumber } from './values';

type Rule = NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[number];
type Port = NonNullable<Rule['ports']>[number];
type Peer = NonNullable<Rule['from']>[number];

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const TYPES = ['Ingress', 'Egress'];

/** pkg/apis/networking/validation, `ValidateNetworkPolicySpec`. */
export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  const errors = validateLabelSelector(spec?.podSelector, 'spec.podSelector');
  for (const { at, ports, peers, peersAt } of rulesOf(spec)) {
    errors.push(...ports.flatMap((port, index) => validatePort(port, `${at}.ports[${index}]`)));
    errors.push(...peers.flatMap((peer, index) => validatePeer(peer, `${peersAt}[${index}]`)));
  }
  const types = spec?.policyTypes ?? [];
  if (types.length > TYPES.length) {
    return [...errors, invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')];
  }
  errors.push(...types.flatMap((type, index) => oneOf(type, TYPES, `spec.policyTypes[${index}]`)));
  return errors;
}

function rulesOf(spec: NetworkPolicy['spec']) {
  return [
    ...(spec?.ingress ?? []).map((rule, index) => ruleAt(`spec.ingress[${index}]`, rule.ports, 'from', rule.from)),
    ...(spec?.egress ?? []).map((rule, index) => ruleAt(`spec.egress[${index}]`, rule.ports, 'to', rule.to)),
  ];
}

function ruleAt(at: string, ports: Port[] | undefined, field: string, peers: Peer[] | undefined) {
  return { at, ports: ports ?? [], peersAt: `${at}.${field}`, peers: peers ?? [] };
}

function validatePort({ protocol, port, endPort }: Port, path: string): FieldError[] {
  const errors = oneOf(protocol, PROTOCOLS, `${path}.protocol`);
  const refuseEnd = (why: string) => invalid(`${path}.endPort`, endPort, why);
  if (port === undefined) {
    if (endPort !== undefined) errors.push(refuseEnd('may not be specified when `port` is not specified'));
  } else if (typeof port === 'number') {
    errors.push(...portNumber(port, `${path}.port`));
    if (endPort !== undefined) {
      if (endPort < port) errors.push(invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`'));
      errors.push(...portNumber(endPort, `${path}.endPort`));
    }
  } else {
    if (endPort !== undefined) errors.push(refuseEnd('may not be specified when `port` is non-numeric'));
    errors.push(...invalidFor(`${path}.port`, String(port), portNameProblems));
  }
  return errors;
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: Peer, path: string): FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...(ipBlock === undefined ? [] : validateBlock(ipBlock, `${path}.ipBlock`)),
  ];
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  if (!selects && ipBlock === undefined) errors.push(required(path, 'must specify a peer'));
  if (selects && ipBlock !== undefined) {
    errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
  }
  return errors;
}

function validateBlock({ cidr, except = [] }: NonNullable<Peer['ipBlock']>, path: string): FieldError[] {
  if (!cidr) return [required(`${path}.cidr`)];
  const errors = invalidFor(`${path}.cidr`, cidr, legacyCidrProblems);
  if (errors.length > 0) return errors;
  return except.flatMap((inner, index) => {
    const at = `${path}.except[${index}]`;
    const own = invalidFor(at, inner, legacyCidrProblems);
    if (own.length > 0 || isStrictSubset(inner, cidr)) return own;
    return [invalid(at, inner, 'must be a strict subset of `cidr`')];
  });
}

/** @returns texts for `Warning` headers: ranges in unusual forms (pkg/registry/networking/networkpolicy/strategy.go). */
export function networkPolicyWarnings({ spec }: NetworkPolicy): string[] {
  return rulesOf(spec).flatMap(({ peers, peersAt }) =>
    peers.flatMap(({ ipBlock }, index) =>
      ipBlock === undefined
        ? []
        : [
            ...cidrWarnings(ipBlock.cidr, `${peersAt}[${index}].ipBlock.cidr`),
            ...(ipBlock.except ?? []).flatMap((inner, place) =>
              cidrWarnings(inner, `${peersAt}[${index}].ipBlock.except[${place}]`),
            ),
          ],
    ),
  );
}
