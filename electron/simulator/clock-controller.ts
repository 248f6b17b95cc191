import { CLOCK_NAME, type Clock as ClockObject, clocks } from '../../shared/kubernetes/simulator';
import { isAlreadyExists, isConflict, isNotFound } from '../../shared/kubernetes/status-error';
import { type SystemClock, timestamp } from './clock';
import type { Component, ComponentContext, ComponentDefinition } from './component';

/**
 * Lets cluster time go as the Clock says. It waits for nothing but the API: a clock that stands still would never wake it.
 */
class ClockController implements Component {
  readonly name = 'clock-controller';
  readonly #context: ComponentContext;
  readonly #clock: SystemClock;
  /** What came last and has not been looked at. */
  #next: ClockObject | undefined;
  #working = false;
  #stopped = false;

  constructor(context: ComponentContext, clock: SystemClock) {
    this.#context = context;
    this.#clock = clock;
    const changed = (object: ClockObject) => this.#take(object);
    context.informers.for(clocks).addHandlers({ add: changed, update: changed, delete: () => void this.#create() });
  }

  start(): void {
    if (this.#next !== undefined) void this.#work();
  }

  stop(): void {
    this.#stopped = true;
  }

  #take(object: ClockObject): void {
    this.#next = object;
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let object = this.#next; object !== undefined && !this.#stopped; object = this.#next) {
      this.#next = undefined;
      try {
        await this.#follow(object);
      } catch (error) {
        // It has been changed, or taken away, meanwhile: that is told of as well.
        if (!isConflict(error) && !isNotFound(error)) this.#context.log.error(this.name, error);
      }
    }
    this.#working = false;
  }

  async #follow(object: ClockObject): Promise<void> {
    const { speed = 1, paused = false, advanceTo } = object.spec ?? {};
    const { generation = 0 } = object.metadata;
    const isNew = object.status?.observedGeneration !== generation;
    const to = Date.parse(advanceTo ?? '');
    if (isNew && to > this.#clock.now()) await this.#clock.advance(to);
    this.#clock.speed = paused ? 0 : speed;
    if (!isNew) return;
    const status = { observedGeneration: generation, time: timestamp(this.#clock) };
    await this.#context.client.update(clocks, { ...object, status }, { subresource: 'status' });
  }

  /** Somebody has taken it away: time goes on as it went, and there is a Clock to change that by. */
  async #create(): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#context.client.create(clocks, clockObject(this.#clock.speed));
    } catch (error) {
      if (!isAlreadyExists(error)) this.#context.log.error(this.name, error);
    }
  }
}

/** @param speed 0: time stands still. */
export function clockObject(speed: number): ClockObject {
  return {
    apiVersion: `${clocks.group}/${clocks.version}`,
    kind: clocks.kind,
    metadata: { name: CLOCK_NAME },
    spec: speed === 0 ? { paused: true } : { speed },
  };
}

/** @param clock what all of the cluster lives by. */
export function clockController(clock: SystemClock): ComponentDefinition {
  return {
    name: 'clock-controller',
    user: 'system:apiserver',
    groups: ['system:masters', 'system:authenticated'],
    create: (context) => new ClockController(context, clock),
  };
}
