import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { ResourceSlice } from '../../../../shared/kubernetes/objects';
import { validateSet } from './device-lists';
import { validatePoolName, validateQualifiedName } from './device-parts';
import { type FieldError, invalid, required, tooLong } from './field-error';
import { internalText } from './internal-text';
import { validateNodeSelector } from './pod-spec/affinity';
import { validateDriverName } from './pod-spec/volume-sources';
import { immutable, invalidFor } from './values';

type Spec = ResourceSlice['spec'];
type Device = NonNullable<Spec['devices']>[number];
type Attribute = NonNullable<Device['attributes']>[string];

const MOST_DEVICES = 128;
const MOST_ATTRIBUTES = 32;
const LONGEST_VALUE = 64;
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

/** pkg/apis/resource/validation, `ValidateResourceSlice`. */
export function validateResourceSlice({ spec }: ResourceSlice): FieldError[] {
  return validateSpec(spec, undefined);
}

export function validateResourceSliceUpdate({ spec }: ResourceSlice, old: ResourceSlice): FieldError[] {
  return validateSpec(spec, old.spec);
}

function validateSpec(spec: Spec, old: Spec | undefined): FieldError[] {
  const { generation = 0, resourceSliceCount = 0, name } = spec.pool ?? {};
  const errors = [
    ...validateDriverName(spec.driver, 'spec.driver'),
    ...validatePoolName(name, 'spec.pool.name'),
    ...(resourceSliceCount > 0
      ? []
      : [invalid('spec.pool.resourceSliceCount', resourceSliceCount, 'must be greater than zero')]),
    ...(generation >= 0 ? [] : [invalid('spec.pool.generation', generation, 'must be greater than or equal to zero')]),
  ];
  if (old !== undefined) {
    errors.push(...immutable(name, old.pool.name, 'spec.pool.name'));
    errors.push(...immutable(spec.driver, old.driver, 'spec.driver'));
    errors.push(...immutable(spec.nodeName, old.nodeName, 'spec.nodeName'));
  }
  return [
    ...errors,
    ...validateNodes(spec),
    ...validateSet(spec.devices ?? [], MOST_DEVICES, 'spec.devices', (device) => device.name ?? '', validateDevice),
  ];
}

/** Where the devices are, said in one of several ways. */
function validateNodes({ nodeName, nodeSelector, allNodes }: Spec): FieldError[] {
  const errors: FieldError[] = [];
  const set: string[] = [];
  if (nodeName === '') {
    errors.push(invalid('spec.nodeName', '', 'must be either unset or set to a non-empty string'));
  } else if (nodeName !== undefined) {
    set.push('`nodeName`');
    errors.push(...invalidFor('spec.nodeName', nodeName, dns1123SubdomainProblems));
  }
  if (nodeSelector !== undefined) {
    set.push('`nodeSelector`');
    errors.push(...validateNodeSelector(nodeSelector, 'spec.nodeSelector'));
    const terms = nodeSelector.nodeSelectorTerms ?? [];
    if (terms.length !== 1) {
      const why = 'must have exactly one node selector term';
      errors.push(invalid('spec.nodeSelector.nodeSelectorTerms', nodeSelector.nodeSelectorTerms, why));
    }
  }
  if (allNodes === true) set.push('`allNodes`');
  else if (allNodes === false) errors.push(invalid('spec.allNodes', false, 'must be either unset or set to true'));
  const rule = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (set.length === 0) errors.push(required('spec', rule));
  else if (set.length > 1) {
    errors.push(invalid('spec', `{${set.join(', ')}}`, `${rule}, but multiple fields are set`));
  }
  return errors;
}

function validateDevice({ name, attributes = {}, capacity = {} }: Device, path: string): FieldError[] {
  const total = Object.keys(attributes).length + Object.keys(capacity).length;
  return [
    ...invalidFor(`${path}.name`, name ?? '', dns1123LabelProblems),
    ...(total > MOST_ATTRIBUTES
      ? [invalid(path, total, `the total number of attributes and capacities must not exceed ${MOST_ATTRIBUTES}`)]
      : []),
    ...Object.entries(attributes).flatMap(([key, attribute]) => {
      const at = `${path}.attributes[${key}]`;
      return [...validateQualifiedName(key, at), ...validateAttribute(attribute, at)];
    }),
    ...Object.keys(capacity).flatMap((key) => validateQualifiedName(key, `${path}.capacity[${key}]`)),
  ];
}

function validateAttribute(attribute: Attribute, path: string): FieldError[] {
  const { string: text, version } = attribute;
  const errors: FieldError[] = [];
  if (text !== undefined && text.length > LONGEST_VALUE) errors.push(tooLong(`${path}.string`, LONGEST_VALUE));
  if (version !== undefined) {
    if (!SEMVER.test(version)) {
      errors.push(invalid(`${path}.version`, version, 'must be a string compatible with semver.org spec 2.0.0'));
    }
    if (version.length > LONGEST_VALUE) errors.push(tooLong(`${path}.version`, LONGEST_VALUE));
  }
  const count = Object.values(attribute).filter((value) => value !== undefined).length;
  if (count === 1) return errors;
  const shown = count === 0 ? '' : internalText('DeviceAttribute', attribute);
  return [...errors, invalid(path, shown, 'exactly one value must be specified')];
}
