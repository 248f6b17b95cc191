import { groupsOfUserName } from './apiserver/authentication';
import type { ApiServer } from './apiserver/server';
import type { Clock } from './clock';
import type { Component, ComponentDefinition } from './component';
import { EventRecorder } from './events/event-recorder';
import { InformerFactory } from './informer';
import type { Log } from './log';
import type { Random } from './random';

/** What runs on the API server, until it is stopped. */
export interface RunningComponents {
  stop(): void;
}

/**
 * Makes the components in their order, waits until their caches are filled, then starts them in the same order.
 * @param random gives each its own fork.
 */
export async function startComponents(
  server: ApiServer,
  definitions: readonly ComponentDefinition[],
  { clock, random, log }: { clock: Clock; random: Random; log: Log },
): Promise<RunningComponents> {
  // One cache a resource for all, read as the controller manager may: everything.
  const informers = new InformerFactory(
    server.client({ name: 'system:kube-controller-manager', groups: groupsOfUserName('') }),
  );
  const make = (definition: ComponentDefinition): Component => {
    const { name, user, groups, eventSource } = definition;
    const client = server.client({ name: user, groups: groups ?? groupsOfUserName(user) });
    const events = new EventRecorder(client, clock, log, eventSource?.component ?? name, eventSource?.host);
    return definition.create({ client, informers, clock, random: random.fork(), events, log, launch });
  };
  // What it watches is in the caches already.
  const launch = (definition: ComponentDefinition): Component => {
    const component = make(definition);
    component.start();
    return component;
  };
  const components = definitions.map(make);
  await informers.start();
  for (const component of components) component.start();
  return {
    stop() {
      for (const component of [...components].reverse()) component.stop();
      informers.stop();
    },
  };
}
