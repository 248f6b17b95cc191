import type { CustomResourceDefinition } from '../../../../shared/kubernetes/custom-resource-definitions';
import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import { type Fault, type FaultSpec, faults } from '../../../../shared/kubernetes/simulator';
import { customResources } from '../custom-resources/resource';
import { age, ageColumn, column, nameColumn, nameOf } from '../printers/columns';
import { anyDefinition, type ResourceDefinition, type TablePrinter } from '../registry/definition';

const names = (description: string): JsonSchema => ({
  description,
  type: 'array',
  minItems: 1,
  items: { type: 'string', minLength: 1 },
});

const onNodes = names('The nodes where it is so, by name. Absent: all.');

/** What can go wrong, each with what is to be said of it. */
const kinds: Record<Exclude<keyof FaultSpec, 'durationSeconds'>, JsonSchema> = {
  nodeDown: {
    description:
      'Machines lose their power: kubelets fall silent, containers are gone. When the fault is over they start again, and the containers with them.',
    type: 'object',
    required: ['nodes'],
    properties: { nodes: names('The nodes, by name.') },
  },
  registryUnreachable: {
    description: 'Nodes cannot pull images, as if the way to the registry were cut.',
    type: 'object',
    properties: {
      registries: names('The hosts of the registries, such as docker.io. Absent: all.'),
      nodes: onNodes,
    },
  },
  failingImage: {
    description: "An image's containers crash, those that run and those that are started.",
    type: 'object',
    required: ['image'],
    properties: {
      image: {
        description: 'The image as manifests name it; without a tag it is meant in any.',
        type: 'string',
        minLength: 1,
      },
      exitCode: {
        description: 'The exit code of its containers.',
        type: 'integer',
        format: 'int32',
        minimum: 0,
        maximum: 255,
        default: 1,
      },
      afterSeconds: {
        description: 'How long a container runs before.',
        type: 'number',
        minimum: 0,
        default: 0,
      },
      output: { description: 'What it writes to its standard error at the end.', type: 'string' },
    },
  },
  slowDisk: {
    description: 'Images are unpacked, volumes mounted and containers created slowly.',
    type: 'object',
    properties: {
      nodes: onNodes,
      factor: {
        description: 'How many times as long everything takes.',
        type: 'number',
        minimum: 1,
        maximum: 10_000,
        default: 10,
      },
    },
  },
  apiLatency: {
    description:
      'The API server keeps requests from outside waiting before it serves them. Those for the objects of this group are served at once, so that the fault can be taken away.',
    type: 'object',
    required: ['milliseconds'],
    properties: {
      milliseconds: {
        description: 'How long, in the time of the person who waits, however fast the cluster goes.',
        type: 'integer',
        format: 'int32',
        minimum: 1,
        maximum: 60_000,
      },
      users: names('Whose requests, by user name. Absent: everyone.'),
      verbs: names('Which verbs of the API, such as list. Absent: all.'),
      resources: names('Which resources, by their plural names. Absent: all.'),
    },
  },
};

const KINDS = Object.keys(kinds);
const given = KINDS.map((kind) => `has(self.${kind})`).join(', ');

/** What a CustomResourceDefinition would say, were it one: the server brings this kind along. */
const definition: CustomResourceDefinition = {
  metadata: { name: `${faults.resource}.${faults.group}` },
  spec: {
    group: faults.group,
    names: { kind: faults.kind, plural: faults.resource, singular: 'fault' },
    scope: 'Cluster',
    versions: [
      {
        name: faults.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            description: 'Something that goes wrong in the simulated cluster, for as long as the object is there.',
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                description: `What goes wrong: one of ${KINDS.join(', ')}.`,
                type: 'object',
                properties: {
                  ...kinds,
                  durationSeconds: {
                    description:
                      "Seconds of the cluster's time after which it is over by itself. Absent: when the object is deleted.",
                    type: 'integer',
                    format: 'int64',
                    minimum: 1,
                  },
                },
                'x-kubernetes-validations': [
                  { rule: `[${given}].filter(one, one).size() == 1`, message: `must have one of ${KINDS.join(', ')}` },
                ],
              },
              status: {
                description: 'Whether it acts.',
                type: 'object',
                properties: {
                  observedGeneration: {
                    description: 'The generation of the object that has been seen.',
                    type: 'integer',
                    format: 'int64',
                  },
                  active: { description: 'Whether it acts now.', type: 'boolean' },
                  startTime: { description: 'Since when.', type: 'string', format: 'date-time' },
                  endTime: { description: 'When it was over by itself.', type: 'string', format: 'date-time' },
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** What is concerned, in few words. */
function target({ nodeDown, registryUnreachable, failingImage, slowDisk, apiLatency }: FaultSpec): string {
  const all = (list: readonly string[] | undefined) => list?.join(',') ?? '<all>';
  if (nodeDown) return all(nodeDown.nodes);
  if (registryUnreachable) return all(registryUnreachable.registries);
  if (failingImage) return failingImage.image;
  if (slowDisk) return all(slowDisk.nodes);
  return all(apiLatency?.resources);
}

const printer: TablePrinter<Fault> = {
  columns: [
    nameColumn,
    column('Fault', 'What goes wrong.'),
    column('Target', 'What is concerned.'),
    column('Active', 'Whether it acts now.', 'boolean'),
    ageColumn,
  ],
  cells: (fault, now) => [
    nameOf(fault),
    KINDS.find((kind) => kind in (fault.spec ?? {})) ?? '',
    target(fault.spec ?? {}),
    fault.status?.active ?? false,
    age(fault, now),
  ],
};

/** Faults, as a resource of the simulator's own group. */
export const faultDefinition: ResourceDefinition[] = customResources(definition, () => false).map((made) =>
  anyDefinition<Fault>({ ...made, ...{ resource: faults, printer } }),
);
