import type { IPAddress } from '../../../../shared/kubernetes/objects';
import { ipAddresses } from '../../../../shared/kubernetes/resources';
import { ipAddressPrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import { strictAddressProblems } from '../validation/ip-addresses';
import { validateIpAddress, validateIpAddressUpdate } from '../validation/service-cidr';
import { specOf } from './pod-defaults';

export const ipAddressDefinition: ResourceDefinition<IPAddress> = {
  resource: ipAddresses,
  singular: 'ipaddress',
  shortNames: ['ip'],
  categories: [],
  hasStatus: false,
  printer: ipAddressPrinter,
  strategy: {
    applyDefaults: (address) => void specOf(address),
    generateName: (base) => base,
    validateName: strictAddressProblems,
    validate: validateIpAddress,
    validateUpdate: validateIpAddressUpdate,
  },
};
