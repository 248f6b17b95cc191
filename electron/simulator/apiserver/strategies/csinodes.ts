import type { CSINode } from '../../../../shared/kubernetes/objects';
import { csiNodes } from '../../../../shared/kubernetes/resources';
import { csiNodePrinter } from '../printers/storage';
import type { ResourceDefinition } from '../registry/definition';
import { validateCsiNode } from '../validation/csi';
import { specOf } from './pod-defaults';

export const csiNodeDefinition: ResourceDefinition<CSINode> = {
  resource: csiNodes,
  singular: 'csinode',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: csiNodePrinter,
  strategy: { allowUnconditionalUpdate: false, applyDefaults: (node) => void specOf(node), validate: validateCsiNode },
};
