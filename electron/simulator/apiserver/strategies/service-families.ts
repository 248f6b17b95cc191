import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import { deepEqual } from '../json';
import { invalid as invalidObject } from '../status-errors';
import { type FieldError, invalid } from '../validation/field-error';
import { familyOf, validateServiceAddresses } from '../validation/service-addresses';
import { specOf } from './pod-defaults';

type Spec = NonNullable<Service['spec']>;

/** The cluster has IPv4 alone. */
const FAMILY = 'IPv4';

/**
 * Says which families a Service has, from what it asks for and what the cluster has (pkg/registry/core/service/storage/alloc.go,
 * `initIPFamilyFields`).
 * @throws StatusError when it asks for what the cluster has not.
 */
export function chooseFamilies(service: Service, old: Service | undefined): void {
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
    ...inferFromAddresses(spec),
  ]);
  if (open) {
    // Nobody knows which endpoints somebody will give it.
    spec.ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : [FAMILY];
    if (spec.ipFamilies.length < 2 && spec.ipFamilyPolicy !== 'SingleStack') {
      spec.ipFamilies = [...spec.ipFamilies, spec.ipFamilies[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
    }
    return;
  }
  refuse([
    ...(spec.ipFamilyPolicy === 'RequireDualStack'
      ? [aboutPolicy(spec, 'this cluster is not configured for dual-stack services')]
      : []),
    ...(spec.ipFamilies ?? []).flatMap((family, index) =>
      family === FAMILY ? [] : [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')],
    ),
  ]);
  if (!spec.ipFamilies?.length) spec.ipFamilies = [FAMILY];
}

/** `isMatchingPreferDualStackClusterIPFields`: what preferred two families and goes on so keeps what it got. */
function staysPreferring(spec: Spec, old: Spec): boolean {
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
function inferFromAddresses(spec: Spec): FieldError[] {
  const { clusterIPs = [] } = spec;
  if (clusterIPs[0] === 'None') return [];
  const errors: FieldError[] = [];
  for (const [index, address] of clusterIPs.entries()) {
    const { ipFamilies = [] } = spec;
    if (index < ipFamilies.length) continue;
    const family = familyOf(address);
    if (family === FAMILY) spec.ipFamilies = [...ipFamilies, family];
    else errors.push(invalid(`spec.clusterIPs[${index}]`, clusterIPs, `${family} is not configured on this cluster`));
  }
  return errors;
}
