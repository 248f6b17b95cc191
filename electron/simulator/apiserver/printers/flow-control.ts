import type { FlowSchema, PriorityLevelConfiguration } from '../../../../shared/kubernetes/objects';
import { bySchemaOrder } from '../flow-control/order';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, type Cell, column, nameColumn, nameOf, simplePrinter } from './columns';

export const flowSchemaPrinter: TablePrinter<FlowSchema> = {
  columns: [
    nameColumn,
    column('PriorityLevel', 'The priority level that requests go at.'),
    column('MatchingPrecedence', 'Which of several FlowSchemas is asked first: the one with the lowest.'),
    column('DistinguisherMethod', 'What makes requests one flow.'),
    ageColumn,
    column('MissingPL', 'Whether there is no such priority level.'),
  ],
  cells(schema, now): Cell[] {
    const { priorityLevelConfiguration, matchingPrecedence = 0, distinguisherMethod } = schema.spec ?? {};
    const dangling = schema.status?.conditions?.find(({ type }) => type === 'Dangling');
    return [
      nameOf(schema),
      priorityLevelConfiguration?.name ?? '',
      matchingPrecedence,
      distinguisherMethod?.type ?? '<none>',
      age(schema, now),
      dangling === undefined ? '?' : (dangling.status ?? ''),
    ];
  },
  order: bySchemaOrder,
};

export const priorityLevelConfigurationPrinter = simplePrinter<PriorityLevelConfiguration>(
  [
    column('Type', 'Whether requests at this level are limited.'),
    column('NominalConcurrencyShares', 'The share of the server that the level has.'),
    column('Queues', 'How many queues there are.'),
    column('HandSize', 'Among how many queues a flow has its own.'),
    column('QueueLengthLimit', 'How many requests may wait in one queue.'),
  ],
  ({ spec }) => {
    const { nominalConcurrencyShares, limitResponse } = spec?.limited ?? {};
    const { queues, handSize, queueLengthLimit } = limitResponse?.queuing ?? {};
    const orNone = (value: number | undefined) => value ?? '<none>';
    return [spec?.type ?? '', ...[nominalConcurrencyShares, queues, handSize, queueLengthLimit].map(orNone)];
  },
);
