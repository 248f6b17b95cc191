import { isDeepStrictEqual } from 'node:util';
import { dns1123SubdomainProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { CSIDriver, CSINode, VolumeAttachment } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from './field-error';
import { internalText } from './internal-text';
import { validateDriverName } from './pod-spec/volume-sources';
import { immutable, invalidFor, nonNegative, oneOf } from './values';

type NodeDriver = CSINode['spec']['drivers'][number];

const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLE_MODES = ['Persistent', 'Ephemeral'];
const SHORTEST_UPDATE_PERIOD_S = 10;
const SHORTEST_TOKEN_S = 600;
const LONGEST_TOKEN_S = 2 ** 32;
const LONGEST_NODE_ID = 256;

/** pkg/apis/storage/validation, `ValidateCSIDriver`. */
export function validateCsiDriver({ spec }: CSIDriver): FieldError[] {
  const { tokenRequests = [], nodeAllocatableUpdatePeriodSeconds: period } = spec;
  const errors = oneOf(spec.fsGroupPolicy, GROUP_POLICIES, 'spec.fsGroupPolicy');
  const audiences = new Set<string>();
  for (const [index, { audience = '', expirationSeconds: seconds }] of tokenRequests.entries()) {
    const at = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) {
      errors.push(duplicate(`${at}.audience`, audience));
      continue;
    }
    audiences.add(audience);
    const refuse = (why: string) => errors.push(invalid(`${at}.expirationSeconds`, seconds, why));
    if (seconds !== undefined && seconds < SHORTEST_TOKEN_S) refuse('may not specify a duration less than 10 minutes');
    if (seconds !== undefined && seconds > LONGEST_TOKEN_S)
      refuse('may not specify a duration larger than 2^32 seconds');
  }
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (!LIFECYCLE_MODES.includes(mode)) errors.push(notSupported('spec.volumeLifecycleModes', mode, LIFECYCLE_MODES));
  }
  if (period !== undefined && period < SHORTEST_UPDATE_PERIOD_S) {
    const text = 'must be greater than or equal to 10 seconds';
    errors.push(invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, text));
  }
  return errors;
}

/** Whether and for how long it attaches volumes stays (`ValidateCSIDriverUpdate`). */
export function validateCsiDriverUpdate({ spec }: CSIDriver, { spec: old }: CSIDriver): FieldError[] {
  return [
    ...immutable(spec.attachRequired, old.attachRequired, 'spec.attachedRequired'),
    ...immutable(spec.volumeLifecycleModes, old.volumeLifecycleModes, 'spec.volumeLifecycleModes'),
  ];
}

/** pkg/apis/storage/validation, `ValidateCSINode`. */
export function validateCsiNode({ spec }: CSINode): FieldError[] {
  const names = new Set<string>();
  return (spec.drivers ?? []).flatMap((driver, index) => validateNodeDriver(driver, names, `spec.drivers[${index}]`));
}

function validateNodeDriver(driver: NodeDriver, names: Set<string>, path: string): FieldError[] {
  const { name = '', nodeID = '', allocatable, topologyKeys = [] } = driver;
  const errors = validateDriverName(name, `${path}.name`);
  if (nodeID === '') errors.push(required(`${path}.nodeID`));
  if (nodeID.length > LONGEST_NODE_ID) {
    errors.push(invalid(`${path}.nodeID`, nodeID, `must be ${LONGEST_NODE_ID} characters or less`));
  }
  errors.push(...nonNegative(allocatable?.count, `${path}.allocatable.count`));
  if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
  names.add(name);
  const keys = new Set<string>();
  for (const key of topologyKeys) {
    if (key === '') errors.push(required(path));
    if (keys.has(key)) errors.push(duplicate(path, key));
    keys.add(key);
    errors.push(...invalidFor(path, key, qualifiedNameProblems));
  }
  return errors;
}

/** What is attached where stays (`ValidateVolumeAttachment`, `ValidateVolumeAttachmentV1`). */
export function validateVolumeAttachment({ spec }: VolumeAttachment): FieldError[] {
  const { attacher, nodeName = '', source = {} } = spec;
  const { persistentVolumeName: volume, inlineVolumeSpec: inline } = source;
  const exactlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  const errors = attacher ? [] : [required('spec.attacher')];
  if (volume === undefined && inline === undefined) errors.push(required('spec.source', exactlyOne));
  else if (volume !== undefined && inline !== undefined) errors.push(forbidden('spec.source', exactlyOne));
  else if (volume === '') {
    errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  }
  errors.push(...invalidFor('spec.nodeName', nodeName, dns1123SubdomainProblems));
  return errors;
}

/** What holds for a new one of this version besides. */
export function validateVolumeAttachmentCreate({ spec }: VolumeAttachment): FieldError[] {
  const volume = spec.source?.persistentVolumeName;
  return [
    ...validateDriverName(spec.attacher, 'spec.attacher'),
    ...(volume === undefined ? [] : invalidFor('spec.source.persistentVolumeName', volume, dns1123SubdomainProblems)),
  ];
}

const LONGEST_ERROR = 1024;
const LARGEST_METADATA = 256 * 1024;

/** What attachers report (`validateVolumeAttachmentStatus`). */
export function validateVolumeAttachmentStatus({ status }: VolumeAttachment): FieldError[] {
  const entries = Object.entries(status?.attachmentMetadata ?? {});
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  const errors = size > LARGEST_METADATA ? [tooLong('status.attachmentMetadata', LARGEST_METADATA)] : [];
  for (const field of ['attachError', 'detachError'] as const) {
    // Upstream names the wrong limit.
    if (Buffer.byteLength(status?.[field]?.message ?? '') > LONGEST_ERROR) {
      errors.push(tooLong(`status.${field}.message`, LARGEST_METADATA));
    }
  }
  return errors;
}

/** Neither what nor where changes (`ValidateVolumeAttachmentUpdate`). */
export function validateVolumeAttachmentUpdate(
  { spec }: VolumeAttachment,
  { spec: old }: VolumeAttachment,
): FieldError[] {
  if (isDeepStrictEqual(spec, old)) return [];
  return [invalid('spec', internalText('VolumeAttachmentSpec', spec), 'field is immutable')];
}
