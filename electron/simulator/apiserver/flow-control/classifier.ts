import type { FlowSchema, PriorityLevelConfiguration } from '../../../../shared/kubernetes/objects';
import { flowSchemas, priorityLevelConfigurations } from '../../../../shared/kubernetes/resources';
import type { UserInfo } from '../../client';
import type { RequestInfo } from '../http/request-info';
import type { Store } from '../storage/store';
import type { Table } from '../storage/table';
import { mandatorySchemas } from './bootstrap-objects';
import { matchesSchema } from './match';
import { bySchemaOrder } from './order';

/** The uids of what a request goes by; empty for what the server only imagines. */
export interface Flow {
  readonly schema: string;
  readonly level: string;
}

interface Candidate extends Flow {
  readonly object: FlowSchema;
}

/**
 * Finds the FlowSchema of each request (apiserver/pkg/util/flowcontrol/apf_controller.go). Nothing waits here: one process
 * has no need of it. The schemas are put in order when some have changed, not with each request.
 */
export class FlowClassifier {
  readonly #schemas: Table;
  readonly #levels: Table;
  #candidates: readonly Candidate[] = [];
  #madeAt: string | undefined;

  constructor(store: Store) {
    this.#schemas = store.table(flowSchemas.group, flowSchemas.resource);
    this.#levels = store.table(priorityLevelConfigurations.group, priorityLevelConfigurations.resource);
  }

  classify(info: RequestInfo, user: UserInfo): Flow {
    const revision = `${this.#schemas.revision} ${this.#levels.revision}`;
    if (revision !== this.#madeAt) {
      this.#candidates = this.#gather();
      this.#madeAt = revision;
    }
    for (const candidate of this.#candidates) if (matchesSchema(candidate.object, info, user)) return candidate;
    // Who is neither anonymous nor anybody, for instance who acts as somebody without any group.
    return this.#candidates.find(({ object }) => object.metadata.name === 'catch-all') ?? { schema: '', level: '' };
  }

  /** Those whose level is there, in order, with the mandatory ones in any case. */
  #gather(): Candidate[] {
    const level = (name: string) => this.#levels.get(name)?.object as PriorityLevelConfiguration | undefined;
    const found: Candidate[] = [];
    for (const stored of this.#schemas.list()) {
      // The table holds nothing else.
      const object = stored.object as FlowSchema;
      const its = level(object.spec?.priorityLevelConfiguration.name ?? '');
      if (its === undefined) continue;
      found.push({ object, schema: object.metadata.uid ?? '', level: its.metadata.uid ?? '' });
    }
    found.sort((a, b) => bySchemaOrder(a.object, b.object));
    const [exempt, catchAll] = mandatorySchemas.map((object): Candidate[] => {
      const { name } = object.metadata;
      if (found.some((candidate) => candidate.object.metadata.name === name)) return [];
      return [{ object, schema: '', level: level(name ?? '')?.metadata.uid ?? '' }];
    });
    return [...(exempt ?? []), ...found, ...(catchAll ?? [])];
  }
}
