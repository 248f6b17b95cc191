import { allContainers, type CheckPod, containersText, namesOf, quoted, sorted } from './check';

export const privileged: CheckPod = (spec) => {
  const names = namesOf(spec, (_, security) => security.privileged === true);
  if (names.length === 0) return undefined;
  return { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` };
};

export const allowPrivilegeEscalation: CheckPod = (spec) => {
  const names = namesOf(spec, (_, security) => security.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const DEFAULT_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const capabilitiesBaseline: CheckPod = (spec) => {
  const detail = added(spec, (capability) => DEFAULT_CAPABILITIES.has(capability));
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
};

export const capabilitiesRestricted: CheckPod = (spec) => {
  const keeping = namesOf(spec, (_, security) => !security.capabilities?.drop?.includes('ALL'));
  const adding = added(spec, (capability) => capability === 'NET_BIND_SERVICE');
  const details = [
    ...(keeping.length === 0 ? [] : [`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding === undefined ? [] : [adding]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

/** Which containers add capabilities that they may not. */
function added(spec: Parameters<CheckPod>[0], isAllowed: (capability: string) => boolean): string | undefined {
  const forbidden = (capabilities: readonly string[] = []) => capabilities.filter((each) => !isAllowed(each));
  const names = namesOf(spec, (_, security) => forbidden(security.capabilities?.add).length > 0);
  if (names.length === 0) return undefined;
  const values = sorted(
    allContainers(spec).flatMap(({ securityContext }) => forbidden(securityContext?.capabilities?.add)),
  );
  return `${containersText(names)} must not include ${quoted(values)} in securityContext.capabilities.add`;
}
