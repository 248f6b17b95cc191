import type { DeviceClass } from '../../../../shared/kubernetes/objects';
import { deviceClasses } from '../../../../shared/kubernetes/resources';
import { nameAndAgePrinter } from '../printers/devices';
import type { ResourceDefinition } from '../registry/definition';
import { validateDeviceClass } from '../validation/device-class';
import { specOf } from './pod-defaults';

// Naming an extended resource is a feature that is off.
const dropDisabled = ({ spec }: DeviceClass) => void delete spec.extendedResourceName;

export const deviceClassDefinition: ResourceDefinition<DeviceClass> = {
  resource: deviceClasses,
  singular: 'deviceclass',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: nameAndAgePrinter,
  strategy: {
    applyDefaults: (deviceClass) => void specOf(deviceClass),
    prepareForCreate: dropDisabled,
    prepareForUpdate: dropDisabled,
    validate: validateDeviceClass,
  },
};
