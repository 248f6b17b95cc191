import { type Fault, faults } from '../../../shared/kubernetes/simulator';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import { timestamp } from '../clock';
import type { ComponentContext, ComponentDefinition } from '../component';
import { Controller, updateStatus } from '../controllers/controller';
import type { ActiveFaults } from './active-faults';

/** Has things go wrong as the Faults say, until they are gone or their time is over. */
class FaultController extends Controller {
  readonly #active: ActiveFaults;

  constructor(context: ComponentContext, active: ActiveFaults) {
    super('fault-controller', context);
    this.#active = active;
    const informer = this.primary(faults);
    // What was down before a restart is down from the first moment.
    informer.addHandlers({ add: (fault) => this.#apply(fault) });
  }

  /** @returns whether it acts. */
  #apply(fault: Fault): boolean {
    const acts = !this.#isOver(fault);
    this.#active.set(fault.metadata.name ?? '', acts ? fault.spec : undefined);
    return acts;
  }

  #isOver(fault: Fault): boolean {
    const end = this.#endOf(fault);
    return end !== undefined && end <= this.now;
  }

  /** Milliseconds since the epoch; `undefined` where it goes on until it is taken away. */
  #endOf({ metadata, spec, status }: Fault): number | undefined {
    const { durationSeconds } = spec ?? {};
    if (durationSeconds === undefined) return undefined;
    return Date.parse(status?.startTime ?? metadata.creationTimestamp ?? '') + durationSeconds * 1000;
  }

  protected async reconcile(key: string): Promise<void> {
    const fault = this.watch(faults).get(undefined, key);
    if (fault === undefined) {
      this.#active.set(key, undefined);
      return;
    }
    const active = this.#apply(fault);
    const end = this.#endOf(fault);
    if (active && end !== undefined) this.enqueueAfter(key, end - this.now);
    const { metadata, status } = fault;
    if (status?.active === active && status.observedGeneration === metadata.generation) return;
    const next = {
      observedGeneration: metadata.generation ?? 0,
      active,
      startTime: status?.startTime ?? timestamp(this.context.clock),
      ...(active ? {} : { endTime: timestamp(this.context.clock) }),
    };
    try {
      await updateStatus(this.context, faults, fault, next);
    } catch (error) {
      // It is gone, which is told of as well.
      if (!isNotFound(error)) throw error;
    }
  }
}

/** @param active where the parts of the cluster look. */
export function faultController(active: ActiveFaults): ComponentDefinition {
  return {
    name: 'fault-controller',
    user: 'system:apiserver',
    groups: ['system:masters', 'system:authenticated'],
    create: (context) => new FaultController(context, active),
  };
}
