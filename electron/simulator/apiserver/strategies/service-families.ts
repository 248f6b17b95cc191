import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import type { Family } from '../../network/service-range';
import { deepEqual } from '../json';
import { invalid as invalidObject } from '../status-errors';
import { type FieldError, invalid } from '../validation/field-error';
import { familyOf, validateServiceAddresses } from '../validation/service-addresses';
import { specOf } from './pod-defaults';

type Spec = NonNullable<Service['spec']>;

/**
 * Says which families a Service has, from what it asks for and what the cluster has (pkg/registry/core/service/storage/alloc.go,
 * `initIPFamilyFields`).
 * @param families of the cluster, the first of which a Service gets that does not say.
 * @throws StatusError when it asks for what the cluster has not.
 */
export function chooseFamilies(service: Service, old: Service | undefined, families: readonly Family[]): void {
  const spec = specOf(service);
  if (spec.type === 'ExternalName' || (old !== undefined && staysPreferring(spec, specOf(old)))) return;
  const open = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.spec?.ipFamilyPolicy ?? (open ? 'RequireDualStack' : 'SingleStack');
  const refuse = (errors: FieldError[]) => {
    if (errors.length > 0) throw invalidObject(services, service.metadata.name ?? '', errors);
  };
  refuse(validateServiceAddresses(spec, old?.spec));
  if (old !== undefined && spec.ipFamilyPolicy === 'SingleStack') releaseSecond(spec, specOf(old));
  refuse([
    ...(old !== undefined && spec.ipFamilyPolicy !== 'SingleStack' ? refuseFewer(spec, specOf(old)) : []),
    ...(spec.ipFamilyPolicy === 'SingleStack' ? refuseSeveral(spec) : []),
    ...inferFromAddresses(spec, families),
  ]);
  if (open) {
    // Nobody knows which endpoints somebody will give it.
    spec.ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : families.slice(0, 1);
    addSecond(spec);
    return;
  }
  refuse([
    ...(spec.ipFamilyPolicy === 'RequireDualStack' && families.length < 2
      ? [aboutPolicy(spec, 'this cluster is not configured for dual-stack services')]
      : []),
    ...(spec.ipFamilies ?? []).flatMap((family, index) =>
      isOf(families, family) ? [] : [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')],
    ),
  ]);
  if (!spec.ipFamilies?.length) spec.ipFamilies = families.slice(0, 1);
  if (families.length === 2) addSecond(spec);
}

/** What does not keep to one family has both. */
function addSecond(spec: Spec): void {
  const { ipFamilies = [] } = spec;
  if (spec.ipFamilyPolicy === 'SingleStack' || ipFamilies.length !== 1) return;
  spec.ipFamilies = [...ipFamilies, ipFamilies[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
}

const isOf = (families: readonly string[], family: string) => families.includes(family);

/** `isMatchingPreferDualStackClusterIPFields`: what preferred two families and goes on so keeps what it got. */
export function staysPreferring(spec: Spec, old: Spec): boolean {
  return (
    spec.ipFamilyPolicy === 'PreferDualStack' &&
    (old.ipFamilyPolicy ?? 'PreferDualStack') === 'PreferDualStack' &&
    spec.type === old.type &&
    same(spec, old, 'clusterIPs') &&
    same(spec, old, 'ipFamilies')
  );
}

type Member = 'clusterIPs' | 'ipFamilies';

const same = (spec: Spec, old: Spec, member: Member) => deepEqual(spec[member] ?? [], old[member] ?? []);

/** To ask for one family is to give the second back. */
function releaseSecond(spec: Spec, old: Spec): void {
  for (const member of ['clusterIPs', 'ipFamilies'] as const) {
    if (same(spec, old, member) && spec[member] !== undefined) spec[member] = spec[member].slice(0, 1);
  }
}

function refuseFewer(spec: Spec, old: Spec): FieldError[] {
  const fewer = (member: Member) => {
    const count = spec[member]?.length ?? 0;
    return count > 0 && count < (old[member]?.length ?? 0);
  };
  return [
    ...(fewer('clusterIPs') ? [aboutPolicy(spec, "must be 'SingleStack' to release the secondary cluster IP")] : []),
    ...(fewer('ipFamilies') ? [aboutPolicy(spec, "must be 'SingleStack' to release the secondary IP family")] : []),
  ];
}

function refuseSeveral({ clusterIPs = [], ipFamilies = [], ...spec }: Spec): FieldError[] {
  const why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  return [
    ...(clusterIPs.length === 2 ? [aboutPolicy(spec, `${why} cluster IPs are specified`)] : []),
    ...(ipFamilies.length === 2 ? [aboutPolicy(spec, `${why} IP families are specified`)] : []),
  ];
}

const aboutPolicy = ({ ipFamilyPolicy }: Spec, why: string) => invalid('spec.ipFamilyPolicy', ipFamilyPolicy, why);

/** Families that are not named are those of the addresses. */
function inferFromAddresses(spec: Spec, families: readonly Family[]): FieldError[] {
  const { clusterIPs = [] } = spec;
  if (clusterIPs[0] === 'None') return [];
  const errors: FieldError[] = [];
  for (const [index, address] of clusterIPs.entries()) {
    const { ipFamilies = [] } = spec;
    if (index < ipFamilies.length) continue;
    const family = familyOf(address);
    if (isOf(families, family)) spec.ipFamilies = [...ipFamilies, family];
    else errors.push(invalid(`spec.clusterIPs[${index}]`, clusterIPs, `${family} is not configured on this cluster`));
  }
  return errors;
}
