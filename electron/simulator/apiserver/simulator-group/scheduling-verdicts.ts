import type { CustomResourceDefinition } from '../../../../shared/kubernetes/custom-resource-definitions';
import { type SchedulingVerdict, schedulingVerdicts } from '../../../../shared/kubernetes/simulator';
import type { Log } from '../../log';
import { customResources } from '../custom-resources/resource';
import { ManagedFields } from '../managed-fields/managed-fields';
import { age, ageColumn, column, nameColumn, nameOf, wide } from '../printers/columns';
import { anyDefinition, type ResourceDefinition, type TablePrinter } from '../registry/definition';
import { objectKey } from '../registry/registry';
import { memoryBackend } from '../storage/memory-backend';
import { Store } from '../storage/store';

/** How many changes can be watched again. */
const HISTORY = 2_000;

/** Whoever knows what the scheduler found. */
export interface VerdictSource {
  /** What has changed since the last call, and which pods are forgotten. */
  take(): {
    readonly changed: readonly SchedulingVerdict[];
    readonly gone: readonly { readonly namespace: string; readonly name: string; readonly uid: string }[];
  };
  /** Calls back whenever there is something to take. */
  onChange(listener: () => void): void;
}

const text = (description: string) => ({ type: 'string', description });
const number = (description: string) => ({ type: 'integer', description });
const texts = (description: string) => ({ type: 'array', description, items: { type: 'string' } });

const definition: CustomResourceDefinition = {
  metadata: { name: `${schedulingVerdicts.resource}.${schedulingVerdicts.group}` },
  spec: {
    group: schedulingVerdicts.group,
    names: {
      kind: schedulingVerdicts.kind,
      plural: schedulingVerdicts.resource,
      singular: 'schedulingverdict',
      shortNames: ['verdict', 'verdicts'],
    },
    scope: 'Namespaced',
    versions: [
      {
        name: schedulingVerdicts.version,
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            description:
              'Why a pod is where it is, or is nowhere yet: what the scheduler found at each of its last attempts. Named like the pod, and only to be read.',
            type: 'object',
            properties: {
              podUID: text('The uid of the pod.'),
              attempts: number('How often a node has been looked for.'),
              history: {
                description: 'The last attempts, the newest first.',
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    time: text('When it was.'),
                    result: text('Scheduled or Unschedulable.'),
                    nodeName: text('The node that was chosen.'),
                    message: text('What the event said.'),
                    nodes: number('How many nodes there were.'),
                    feasible: number('How many of those that were looked at would have done.'),
                    waitingFor: texts('The plugins whose mind has to change for another attempt.'),
                    rejections: {
                      description: 'The nodes that would not do, by what turned them down.',
                      type: 'array',
                      items: {
                        type: 'object',
                        properties: {
                          plugin: text('The plugin of the scheduler.'),
                          reasons: texts('Why.'),
                          count: number('How many nodes.'),
                          nodes: texts('The first of them.'),
                          resolvable: {
                            type: 'boolean',
                            description: 'Whether it could help to remove pods from them.',
                          },
                        },
                      },
                    },
                    scores: {
                      description: 'The best of the nodes that would do, and what each plugin found them worth.',
                      type: 'array',
                      items: {
                        type: 'object',
                        properties: {
                          node: text('The node.'),
                          total: number('The sum of its scores, each times its weight.'),
                          plugins: {
                            description: 'From 0 to 100 each.',
                            type: 'array',
                            items: {
                              type: 'object',
                              properties: {
                                plugin: text('The plugin of the scheduler.'),
                                score: number('What it found.'),
                                weight: number('How much that counts.'),
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

const printer: TablePrinter<SchedulingVerdict> = {
  columns: [
    nameColumn,
    column('Result', 'What came of the last attempt.'),
    column('Node', 'The node that was chosen.'),
    column('Attempts', 'How often a node has been looked for.', 'integer'),
    column('Nodes', 'How many nodes would have done, of all.'),
    ageColumn,
    wide('Reason', 'Why there is no node.'),
  ],
  cells: (verdict, now) => {
    const [last] = verdict.history;
    return [
      nameOf(verdict),
      last?.result ?? '',
      last?.nodeName ?? '<none>',
      verdict.attempts,
      `${last?.feasible ?? 0}/${last?.nodes ?? 0}`,
      age(verdict, now),
      last?.message ?? '',
    ];
  },
};

/** What the scheduler found, as a resource of the simulator's own group. It costs little until somebody looks. */
export function schedulingVerdictDefinition(source: VerdictSource, log: Log): ResourceDefinition[] {
  const store = new Store(memoryBackend(), log, HISTORY);
  const table = store.table(schedulingVerdicts.group, schedulingVerdicts.resource);
  const catchUp = () => {
    const { changed, gone } = source.take();
    const key = ({ namespace, name }: { namespace?: string; name?: string }) =>
      objectKey(schedulingVerdicts, namespace, name ?? '');
    for (const pod of gone) table.remove(key(pod));
    // The table takes over what it is given; the source goes on with its own.
    for (const verdict of changed) table.put(key(verdict.metadata), structuredClone(verdict), ManagedFields.none);
  };
  source.onChange(() => {
    if (table.isWatched) catchUp();
  });
  // It has one version, and so nothing to convert.
  return customResources(definition, () => false).map(({ storage: _, ...made }) =>
    anyDefinition<SchedulingVerdict>({
      ...made,
      ...{ resource: schedulingVerdicts, printer, store, beforeRead: catchUp, strategy: {} },
      verbs: ['get', 'list', 'watch'],
    }),
  );
}
