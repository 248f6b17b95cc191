import type { PersistentVolumeClaim } from '../../../shared/kubernetes/objects';
import { compareQuantities, roundUpQuantity } from '../../../shared/kubernetes/quantities';
import { persistentVolumeClaims } from '../../../shared/kubernetes/resources';
import { countName, type Evaluator, type Scope, scopeMatches } from './evaluator';

const COUNT = countName(persistentVolumeClaims);
const CLAIMS = 'persistentvolumeclaims';
const STORAGE = 'requests.storage';
const OF_CLASS = '.storageclass.storage.k8s.io/';

/** pkg/quota/v1/evaluator/core/persistent_volume_claims.go */
export const persistentVolumeClaimEvaluator: Evaluator<PersistentVolumeClaim> = {
  handles({ operation, subresource, object, oldObject }) {
    if (subresource === '') return operation === 'CREATE' || operation === 'UPDATE';
    return subresource === 'status' && object !== undefined && oldObject !== undefined && frees(object, oldObject);
  },
  matching: (names) =>
    names.filter(
      (name) =>
        [COUNT, CLAIMS, STORAGE].includes(name) || [CLAIMS, STORAGE].some((each) => name.endsWith(OF_CLASS + each)),
    ),
  inScope(scope, claim) {
    if (scope.scopeName !== 'VolumeAttributesClass') return false;
    return inAttributesClass(scope, claim);
  },
  usage(claim) {
    const name =
      claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec?.storageClassName;
    const storage = storageOf(claim);
    const usage: Record<string, string> = { [COUNT]: '1', [CLAIMS]: '1' };
    if (name) usage[name + OF_CLASS + CLAIMS] = '1';
    if (storage !== undefined) usage[STORAGE] = storage;
    if (storage !== undefined && name) usage[name + OF_CLASS + STORAGE] = storage;
    return usage;
  },
  frees,
};

/** In whole bytes. A claim that failed to grow holds what was set aside for it. */
function storageOf({ spec, status }: PersistentVolumeClaim): string | undefined {
  const request = spec?.resources?.requests?.storage;
  if (request === undefined) return undefined;
  const allocated = status?.allocatedResources?.storage;
  return roundUpQuantity(allocated !== undefined && compareQuantities(allocated, request) > 0 ? allocated : request);
}

function frees(claim: PersistentVolumeClaim, previous: PersistentVolumeClaim): boolean {
  const sizes = [claim, previous].map(({ status }) => status?.allocatedResources?.storage ?? '0');
  return (
    compareQuantities(sizes[0] ?? '0', sizes[1] ?? '0') !== 0 ||
    attributesClasses(claim).join() !== attributesClasses(previous).join()
  );
}

function inAttributesClass(scope: Scope, claim: PersistentVolumeClaim): boolean {
  const names = attributesClasses(claim);
  if (names.length === 0) return scopeMatches(scope, undefined);
  return names.some((name) => scopeMatches(scope, name));
}

/** All that it has, wants, or is being given. */
function attributesClasses({ spec, status }: PersistentVolumeClaim): string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))].sort() as string[];
}
