import type { FlowSchema } from '../../../../shared/kubernetes/objects';
import { flowSchemas } from '../../../../shared/kubernetes/resources';
import { flowSchemaPrinter } from '../printers/flow-control';
import { ALL_METADATA, type ResourceDefinition } from '../registry/definition';
import { validateFlowSchema } from '../validation/flow-schema';
import { validateFlowConditions } from '../validation/priority-level';
import { specOf } from './pod-defaults';

const DEFAULT_PRECEDENCE = 1_000;

export const flowSchemaDefinition: ResourceDefinition<FlowSchema> = {
  resource: flowSchemas,
  singular: 'flowschema',
  shortNames: [],
  categories: [],
  hasStatus: true,
  printer: flowSchemaPrinter,
  strategy: {
    applyDefaults(schema) {
      const spec = specOf(schema);
      spec.priorityLevelConfiguration ??= { name: '' };
      spec.priorityLevelConfiguration.name ??= '';
      spec.matchingPrecedence ||= DEFAULT_PRECEDENCE;
      schema.status ??= {};
    },
    prepareForCreate(schema) {
      schema.status = {};
    },
    validate: validateFlowSchema,
    validateStatusUpdate: ({ status }) => validateFlowConditions(status?.conditions),
    statusKeeps: ALL_METADATA,
    resetFields: { '': [['f:status']], status: [['f:metadata'], ['f:spec']] },
  },
};
