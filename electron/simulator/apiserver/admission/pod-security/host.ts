import {
  allContainers,
  type CheckPod,
  type Container,
  containersText,
  namesOf,
  plural,
  quoted,
  settersText,
  sorted,
} from './check';

export const hostNamespaces: CheckPod = ({ hostNetwork, hostPID, hostIPC }) => {
  const shared = [
    ...(hostNetwork === true ? ['hostNetwork=true'] : []),
    ...(hostPID === true ? ['hostPID=true'] : []),
    ...(hostIPC === true ? ['hostIPC=true'] : []),
  ];
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.join(', ') };
};

export const hostPathVolumes: CheckPod = ({ volumes = [] }) => {
  const names = volumes.filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${quoted(names)}` };
};

export const hostPorts: CheckPod = (spec) => {
  const portsOf = (container: Container) => (container.ports ?? []).flatMap(({ hostPort }) => hostPort || []);
  const names = namesOf(spec, (container) => portsOf(container).length > 0);
  if (names.length === 0) return undefined;
  const ports = sorted(allContainers(spec).flatMap(portsOf).map(String));
  return {
    reason: 'hostPort',
    detail: `${containersText(names)} ${uses(names)} ${plural('hostPort', ports.length)} ${ports.join(', ')}`,
  };
};

/** A probe to another host is a request from the node's network that a pod can choose. */
export const hostProbesAndLifecycle: CheckPod = (spec) => {
  const names = sorted(namesOf(spec, (container) => hostsOf(container).length > 0));
  if (names.length === 0) return undefined;
  const hosts = sorted(allContainers(spec).flatMap(hostsOf));
  const what = plural('probe or lifecycle host', hosts.length);
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersText(names)} ${uses(names)} ${what} ${quoted(hosts)}`,
  };
};

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] {
  return [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].flatMap((host) => host || []),
  );
}

function uses(names: readonly string[]): string {
  return names.length === 1 ? 'uses' : 'use';
}

export const windowsHostProcess: CheckPod = (spec) => {
  const names = namesOf(spec, (_, security) => security.windowsOptions?.hostProcess === true);
  const setters = settersText(spec.securityContext?.windowsOptions?.hostProcess === true, names);
  if (setters === '') return undefined;
  return { reason: 'hostProcess', detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
};
