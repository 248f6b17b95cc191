import type { FlowSchema, PriorityLevelConfiguration } from '../../../../shared/kubernetes/objects';
import { flowSchemas, priorityLevelConfigurations } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { type Clock, timestamp } from '../../clock';
import { Informer } from '../../informer';
import type { Log } from '../../log';
import { WorkQueue } from '../../work-queue';
import { ensureFlowControl } from './ensure';

/** Milliseconds within which the server's own objects are put right again. */
const ENSURE_PERIOD = 60_000;
/** No name of an object. */
const ENSURE = '';
const MANAGER = 'api-priority-and-fairness-config-consumer-v1';

/**
 * Says of each FlowSchema whether its priority level is there, and keeps the server's own FlowSchemas and priority levels
 * (apiserver/pkg/util/flowcontrol/apf_controller.go).
 */
export class FlowControlController {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #schemas: Informer<FlowSchema>;
  readonly #levels: Informer<PriorityLevelConfiguration>;
  readonly #queue: WorkQueue;

  /** @param client may do everything. */
  constructor(client: ApiClient, clock: Clock, log: Log) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#schemas = new Informer(client, flowSchemas);
    this.#levels = new Informer(client, priorityLevelConfigurations);
    this.#queue = new WorkQueue(
      clock,
      (name) => (name === ENSURE ? ensureFlowControl(client) : this.#tell(name)),
      (name, error) => log.error(`flow control: ${name}`, error),
    );
  }

  start(): void {
    const ensureLater = () => this.#queue.addAfter(ENSURE, ENSURE_PERIOD);
    const tell = ({ metadata }: FlowSchema) => this.#queue.add(metadata.name ?? '');
    const tellAll = ({ metadata }: PriorityLevelConfiguration) => {
      for (const schema of this.#schemas.list()) {
        if (schema.spec?.priorityLevelConfiguration.name === metadata.name) tell(schema);
      }
    };
    const always = <T>(handle: (object: T) => void) => ({
      add: handle,
      update: handle,
      delete: handle,
    });
    this.#schemas.addHandlers(
      always((schema) => {
        tell(schema);
        ensureLater();
      }),
    );
    this.#levels.addHandlers(
      always((level) => {
        tellAll(level);
        ensureLater();
      }),
    );
    for (const informer of [this.#schemas, this.#levels]) {
      informer.start().catch((error: unknown) => this.#log.error('flow control', error));
    }
  }

  stop(): void {
    this.#queue.stop();
    this.#schemas.stop();
    this.#levels.stop();
  }

  async #tell(name: string): Promise<void> {
    const schema = this.#schemas.getByKey(name);
    if (schema === undefined) return;
    const level = schema.spec?.priorityLevelConfiguration.name ?? '';
    const isThere = this.#levels.getByKey(level) !== undefined;
    const about = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
    const condition = isThere
      ? { type: 'Dangling', status: 'False', reason: 'Found', message: `${about} and it exists` }
      : { type: 'Dangling', status: 'True', reason: 'NotFound', message: `${about} but there is no such object` };
    const present = schema.status?.conditions?.find(({ type }) => type === 'Dangling');
    const { status, reason, message } = condition;
    if (present?.status === status && present.reason === reason && present.message === message) return;
    const applied = {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'FlowSchema',
      metadata: { name },
      status: { conditions: [{ ...condition, lastTransitionTime: timestamp(this.#clock) }] },
    };
    const options = { fieldManager: MANAGER, force: true, subresource: 'status' };
    try {
      await this.#client.patch(flowSchemas, undefined, name, 'apply', applied, options);
    } catch (error) {
      // It went meanwhile.
      if (!isNotFound(error)) throw error;
    }
  }
}
