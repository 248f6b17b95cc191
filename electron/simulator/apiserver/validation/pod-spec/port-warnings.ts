import type { Container, PodSpec } from '../../strategies/pod-defaults';
import { containersOf } from './containers-of';

type Port = NonNullable<Container['ports']>[number];

/** Ports that overlap over all of a pod's containers, and names that more than one port has. */
export function portWarnings(spec: PodSpec, path: string): string[] {
  const ports = containersOf(spec, path).flatMap(([container, at]) =>
    (container.ports ?? []).map((port, index) => [port, `${at}.ports[${index}]`] as const),
  );
  const earlier = new Map<string, (readonly [Port, string])[]>();
  const warnings = ports.flatMap(([port, at]) => {
    const { containerPort, protocol = 'TCP', hostIP = '', hostPort = 0 } = port;
    const identity = `${containerPort}/${protocol}`;
    const others = earlier.get(identity) ?? [];
    const own = others.flatMap(([other, place]) => {
      const clash = clashOf({ hostIP, hostPort }, { hostIP: other.hostIP ?? '', hostPort: other.hostPort ?? 0 });
      return clash === undefined ? [] : [`${at}: ${clash} port definition with ${place}`];
    });
    earlier.set(identity, [...others, [port, at]]);
    if (hostIP !== '' && hostPort === 0) own.unshift(`${at}: hostIP set without hostPort: ${goText(port)}`);
    return own;
  });
  const named = new Map<string, string>();
  for (const [{ name }, at] of ports) {
    if (!name) continue;
    const first = named.get(name);
    if (first === undefined) named.set(name, at);
    else {
      const text = `services and probes that select ports by name will use ${first}`;
      warnings.push(`${at}: duplicate port name ${JSON.stringify(name)} with ${first}, ${text}`);
    }
  }
  return warnings;
}

interface HostSide {
  readonly hostIP: string;
  readonly hostPort: number;
}

function clashOf(port: HostSide, other: HostSide): 'duplicate' | 'overlapping' | 'dangerously ambiguous' | undefined {
  if (port.hostIP === other.hostIP && port.hostPort === other.hostPort) return 'duplicate';
  if (port.hostPort === 0 || other.hostPort === 0) return 'overlapping';
  const anyAddress = (port.hostIP === '') !== (other.hostIP === '');
  return port.hostPort === other.hostPort && anyAddress ? 'dangerously ambiguous' : undefined;
}

/** As Go prints the struct. */
function goText({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: Port): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}
