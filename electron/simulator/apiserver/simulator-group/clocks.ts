import type { CustomResourceDefinition } from '../../../../shared/kubernetes/custom-resource-definitions';
import { CLOCK_NAME, type Clock, clocks } from '../../../../shared/kubernetes/simulator';
import { customResources } from '../custom-resources/resource';
import { age, ageColumn, column, nameColumn, nameOf } from '../printers/columns';
import { anyDefinition, type ResourceDefinition, type TablePrinter } from '../registry/definition';

/** What a CustomResourceDefinition would say, were it one: the server brings this kind along. */
const definition: CustomResourceDefinition = {
  metadata: { name: `${clocks.resource}.${clocks.group}` },
  spec: {
    group: clocks.group,
    names: { kind: clocks.kind, plural: clocks.resource, singular: 'clock' },
    scope: 'Cluster',
    versions: [
      {
        name: clocks.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            description: "How the simulated cluster's time goes. There is one, named cluster.",
            type: 'object',
            properties: {
              spec: {
                description: 'How time is to go.',
                type: 'object',
                default: {},
                properties: {
                  speed: {
                    description: 'Cluster seconds a second. Controllers, kubelets and containers all live by it.',
                    type: 'number',
                    minimum: 0,
                    exclusiveMinimum: true,
                    maximum: 10_000,
                    default: 1,
                  },
                  paused: {
                    description: 'Whether time stands still. Requests are answered all the same.',
                    type: 'boolean',
                    default: false,
                  },
                  advanceTo: {
                    description:
                      'Time goes there at once, and on from there; all that is due before happens, in order. A moment that has passed changes nothing: time never goes back.',
                    type: 'string',
                    format: 'date-time',
                  },
                },
              },
              status: {
                description: 'How time goes.',
                type: 'object',
                properties: {
                  observedGeneration: {
                    description: 'The generation of the object that time goes by.',
                    type: 'integer',
                    format: 'int64',
                  },
                  time: {
                    description: 'Cluster time when it began to go so. What it is now is the TIME of a table.',
                    type: 'string',
                    format: 'date-time',
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

const printer: TablePrinter<Clock> = {
  columns: [
    nameColumn,
    column('Time', 'Cluster time now.'),
    column('Speed', 'Cluster seconds a second.'),
    column('Paused', 'Whether time stands still.', 'boolean'),
    ageColumn,
  ],
  cells: (clock, now) => [
    nameOf(clock),
    `${new Date(now).toISOString().slice(0, 19)}Z`,
    `${clock.spec?.speed ?? 1}x`,
    clock.spec?.paused ?? false,
    age(clock, now),
  ],
};

/** The Clock, as a resource of the simulator's own group: kubectl can read it and write it. */
export const clockDefinition: ResourceDefinition[] = customResources(definition, () => false).map((made) =>
  anyDefinition<Clock>({
    ...made,
    ...{ resource: clocks, printer },
    strategy: {
      ...made.strategy,
      validateName: (name) => (name === CLOCK_NAME ? [] : [`there is one clock: ${CLOCK_NAME}`]),
    },
  }),
);
