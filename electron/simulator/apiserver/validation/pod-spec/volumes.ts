import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { Volume } from '../../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, invalid, required } from '../field-error';
import { invalidFor } from '../values';
import { type SourceName, volumeSources } from './volume-sources';

/** What volumes are validated with. */
export interface VolumeOptions {
  /** The pod's name, where there is a pod: claims are made of it. */
  readonly podName: string | undefined;
  /** Whether the volumes are a pod's own, not a template's. */
  readonly isPod: boolean;
}

/** A pod's volumes: named once each, of one kind each (`ValidateVolumes`). */
export function validateVolumes(
  list: readonly Volume[],
  { podName, isPod }: VolumeOptions,
  path: string,
): { readonly errors: FieldError[]; readonly volumes: ReadonlyMap<string, Volume> } {
  const errors: FieldError[] = [];
  const volumes = new Map<string, Volume>();
  const madeClaims = new Set(
    podName ? list.filter(({ ephemeral }) => ephemeral !== undefined).map(({ name }) => `${podName}-${name}`) : [],
  );
  for (const [index, volume] of list.entries()) {
    const at = `${path}[${index}]`;
    const { name = '' } = volume;
    const own = validateSources(volume, isPod, at);
    if (volume.ephemeral !== undefined && podName && name !== '') {
      const claim = `${podName}-${name}`;
      own.push(
        ...dns1123SubdomainProblems(claim).map((problem) =>
          invalid(`${at}.name`, name, `PVC name ${JSON.stringify(claim)}: ${problem}`),
        ),
      );
    }
    own.push(...(name === '' ? [required(`${at}.name`)] : invalidFor(`${at}.name`, name, dns1123LabelProblems)));
    if (volumes.has(name)) own.push(duplicate(`${at}.name`, name));
    // A faulty volume is not there for those that would mount it.
    if (own.length === 0) volumes.set(name, volume);
    errors.push(...own);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && madeClaims.has(claim)) {
      const text = 'must not reference a PVC that gets created for an ephemeral volume';
      errors.push(invalid(`${at}.persistentVolumeClaim.claimName`, claim, text));
    }
  }
  return { errors, volumes };
}

/** Upstream's names of these fields in its refusals of a second source. */
const MISSPELT: Readonly<Partial<Record<SourceName, string>>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

function validateSources(volume: Volume, isPod: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let given = 0;
  for (const [field, validate] of volumeSources) {
    if (volume[field] === undefined) continue;
    given += 1;
    if (given > 1) {
      errors.push(forbidden(`${path}.${MISSPELT[field] ?? field}`, 'may not specify more than 1 volume type'));
    } else errors.push(...validate(volume, `${path}.${field}`, isPod));
  }
  return given === 0 ? [required(path, 'must specify a volume type')] : errors;
}
