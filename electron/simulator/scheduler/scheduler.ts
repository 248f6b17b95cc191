import type { Component, ComponentContext } from '../component';

/** kube-scheduler. */
export class Scheduler implements Component {
  readonly name = 'kube-scheduler';

  constructor(_context: ComponentContext) {}

  start(): void {}

  stop(): void {}
}
