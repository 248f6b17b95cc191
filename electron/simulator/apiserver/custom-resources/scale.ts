import type { ScalePaths } from '../../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { goText, goType } from '../go-text';
import { isRecord } from '../json';
import type { ScaleMapping } from '../registry/definition';
import { type FieldError, invalid } from '../validation/field-error';

const HIGHEST_INT32 = 2 ** 31 - 1;

/** Paths of a scale have fields only: `.spec.replicas`. */
const namesOf = (path: string) => path.split('.').filter((name) => name !== '');

function read(object: unknown, path: string): unknown {
  return namesOf(path).reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), object);
}

const number = (value: unknown) => (typeof value === 'number' ? value : 0);

/** `scale` over a custom resource's own fields (apiextensions' registry/customresource/etcd.go). */
export function customScale(paths: ScalePaths): ScaleMapping<KubeObject> {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = paths;
  return {
    replicas: (object) => number(read(object, specReplicasPath)),
    statusReplicas: (object) => number(read(object, statusReplicasPath)),
    selector(object) {
      const selector = labelSelectorPath === undefined ? '' : read(object, labelSelectorPath);
      return typeof selector === 'string' ? selector : '';
    },
    setReplicas(object, replicas) {
      const names = namesOf(specReplicasPath);
      const last = names.pop();
      let place: unknown = object;
      for (const name of names) {
        if (!isRecord(place)) return;
        place[name] ??= {};
        place = place[name];
      }
      if (last !== undefined && isRecord(place)) place[last] = replicas;
    },
  };
}

/** Counts that a scale could not show (apiextensions' registry/customresource/validator.go). */
export function validateScale(object: KubeObject, paths: ScalePaths | undefined): FieldError[] {
  if (paths === undefined) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = paths;
  const errors = [specReplicasPath, statusReplicasPath].flatMap((path) => {
    const problem = accessProblem(object, path, 'int64');
    if (problem !== undefined) return [invalid(path, 0, problem)];
    const replicas = read(object, path);
    if (typeof replicas !== 'number') return [];
    if (replicas < 0) return [invalid(path, replicas, 'should be a non-negative integer')];
    if (replicas <= HIGHEST_INT32) return [];
    return [invalid(path, replicas, `should be less than or equal to ${HIGHEST_INT32}`)];
  });
  const problem = labelSelectorPath === undefined ? undefined : accessProblem(object, labelSelectorPath, 'string');
  return problem === undefined ? errors : [...errors, invalid(labelSelectorPath ?? '', '', problem)];
}

/** Why a path's value cannot be had, in the words of apimachinery's unstructured helpers. */
function accessProblem(object: unknown, path: string, type: 'int64' | 'string'): string | undefined {
  const is = (value: unknown, expected: string) =>
    `${path} accessor error: ${goText(value)} is of the type ${goType(value)}, expected ${expected}`;
  let value = object;
  for (const name of namesOf(path)) {
    if (!isRecord(value)) return is(value, 'map[string]interface{}');
    if (!Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return goType(value) === type ? undefined : is(value, type);
}
