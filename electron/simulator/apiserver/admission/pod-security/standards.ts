import type { ObjectMeta } from '../../../../../shared/kubernetes/objects';
import { type Check, exceptUserNamespaces, exceptWindows, type PodSpec, type Violation } from './check';
import { allowPrivilegeEscalation, capabilitiesBaseline, capabilitiesRestricted, privileged } from './containers';
import { hostNamespaces, hostPathVolumes, hostPorts, hostProbesAndLifecycle, windowsHostProcess } from './host';
import type { LevelVersion } from './policy';
import {
  appArmorProfile,
  procMount,
  seccompAnnotations,
  seccompBaseline,
  seccompRestricted,
  seLinuxOptions,
  sysctls,
} from './profiles';
import { runAsNonRoot, runAsUser } from './users';
import { restrictedVolumes } from './volumes';

const RESERVED_PORTS = ['net.ipv4.ip_local_reserved_ports'];
const KEEPALIVE = [
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const MEMORY = ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

/** All checks in the order of their texts: baseline before restricted, by id. */
const CHECKS: readonly Check[] = [
  baseline('appArmorProfile', { since: 0, check: appArmorProfile }),
  baseline('capabilities_baseline', { since: 0, check: capabilitiesBaseline }),
  baseline('hostNamespaces', { since: 0, check: hostNamespaces }),
  baseline('hostPathVolumes', { since: 0, check: hostPathVolumes }),
  baseline('hostPorts', { since: 0, check: hostPorts }),
  baseline('hostProbesAndHostLifecycle', { since: 34, check: hostProbesAndLifecycle }),
  baseline('privileged', { since: 0, check: privileged }),
  baseline('procMount', { since: 0, check: procMount }, { since: 35, check: exceptUserNamespaces(procMount) }),
  baseline(
    'seLinuxOptions',
    { since: 0, check: seLinuxOptions() },
    { since: 31, check: seLinuxOptions('container_engine_t') },
  ),
  baseline('seccompProfile_baseline', { since: 0, check: seccompAnnotations }, { since: 19, check: seccompBaseline }),
  baseline(
    'sysctls',
    { since: 0, check: sysctls() },
    { since: 27, check: sysctls(...RESERVED_PORTS) },
    { since: 29, check: sysctls(...RESERVED_PORTS, ...KEEPALIVE) },
    { since: 32, check: sysctls(...RESERVED_PORTS, ...KEEPALIVE, ...MEMORY) },
  ),
  baseline('windowsHostProcess', { since: 0, check: windowsHostProcess }),
  restricted(
    'allowPrivilegeEscalation',
    { since: 8, check: allowPrivilegeEscalation },
    { since: 25, check: exceptWindows(allowPrivilegeEscalation) },
  ),
  restricted(
    'capabilities_restricted',
    { since: 22, check: capabilitiesRestricted, overrides: 'capabilities_baseline' },
    { since: 25, check: exceptWindows(capabilitiesRestricted), overrides: 'capabilities_baseline' },
  ),
  restricted('procMount_restricted', { since: 35, check: procMount, overrides: 'procMount' }),
  restricted('restrictedVolumes', { since: 0, check: restrictedVolumes, overrides: 'hostPathVolumes' }),
  restricted(
    'runAsNonRoot',
    { since: 0, check: runAsNonRoot },
    { since: 35, check: exceptUserNamespaces(runAsNonRoot) },
  ),
  restricted('runAsUser', { since: 23, check: runAsUser }, { since: 35, check: exceptUserNamespaces(runAsUser) }),
  restricted(
    'seccompProfile_restricted',
    { since: 19, check: seccompRestricted, overrides: 'seccompProfile_baseline' },
    { since: 25, check: exceptWindows(seccompRestricted), overrides: 'seccompProfile_baseline' },
  ),
];

function baseline(id: string, ...versions: Check['versions']): Check {
  return { id, level: 'baseline', versions };
}

function restricted(id: string, ...versions: Check['versions']): Check {
  return { id, level: 'restricted', versions };
}

/** What a pod does against a level of the standards, in order; empty when nothing. */
export function violations(
  { level, version }: LevelVersion,
  spec: PodSpec,
  metadata: Pick<ObjectMeta, 'annotations'>,
): Violation[] {
  if (level === 'privileged') return [];
  const minor = version === 'latest' ? Number.POSITIVE_INFINITY : Number(version.slice('v1.'.length));
  const inForce = CHECKS.flatMap((check) => {
    const current = check.versions.filter(({ since }) => since <= minor).pop();
    return current === undefined || (level === 'baseline' && check.level === 'restricted')
      ? []
      : [{ id: check.id, ...current }];
  });
  const overridden = new Set(inForce.map(({ overrides }) => overrides));
  return inForce.flatMap(({ id, check }) => (overridden.has(id) ? [] : (check(spec, metadata) ?? [])));
}

/** With all details: `hostPort (container "a" uses hostPort 80), privileged (…)`. */
export function violationsText(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
}
