import { VirtualClock } from '../../../../electron/simulator/clock';
import { imageOf } from '../../../../electron/simulator/node/images';
import { type ContainerConfig, ContainerInstance } from '../../../../electron/simulator/node/runtime/container';
import { Random } from '../../../../electron/simulator/random';

/** A container of a catalogue image that has not been started, and what it writes. */
export interface TestContainer {
  readonly instance: ContainerInstance;
  readonly clock: VirtualClock;
  output(): string;
}

export function container(
  changes: Partial<ContainerConfig> = {},
  repository = 'docker.io/library/busybox',
): TestContainer {
  const image = imageOf(repository);
  if (image === undefined) throw new Error(`no image ${repository}`);
  const clock = new VirtualClock();
  let text = '';
  const instance = new ContainerInstance(
    {
      name: 'main',
      image,
      tag: 'latest',
      command: ['sh'],
      environment: new Map([
        ['PATH', '/bin:/usr/bin'],
        ['HOME', '/root'],
        ['GREETING', 'good day'],
      ]),
      workingDirectory: '/',
      mounts: [],
      providedFiles: () => ({}),
      uid: 0,
      gid: 0,
      groups: [],
      readOnlyRoot: false,
      stdin: false,
      stdinOnce: false,
      tty: false,
      ports: new Map(),
      sandbox: { hostname: 'box', ip: '10.0.0.9', listeners: new Map() },
      ...changes,
    },
    clock,
    new Random(1),
    (_stream, chunk) => {
      text += chunk;
    },
  );
  return { instance, clock, output: () => text };
}

/** For errors that a run must not end with. */
export function unexpected(error: unknown): void {
  throw error;
}
