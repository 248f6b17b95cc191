import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { StorageConversion, Strategy } from './definition';

/**
 * The strategy of a stored version for objects of another version of the same kind: each step is taken in the stored form
 * and brought back. Field paths in errors are the stored version's, as upstream's are those of its internal one.
 * @param applyDefaults the version's own defaults: they belong to decoding, which comes before conversion.
 */
export function convertedStrategy<T extends KubeObject, S extends KubeObject>(
  strategy: Strategy<S>,
  { fromStorage, toStorage }: StorageConversion<T>,
  applyDefaults?: (object: T) => void,
): Strategy<T> {
  // A conversion's stored side is what the stored version's strategy is written for.
  const stored = (object: T) => toStorage(structuredClone(object)) as S;
  const bringBack = (object: T, changed: S) => {
    const next = fromStorage(changed);
    for (const key of Object.keys(object)) if (!(key in next)) delete object[key as keyof T];
    Object.assign(object, next);
  };
  const {
    prepareForCreate,
    prepareForUpdate,
    prepareForDelete,
    validate,
    validateCreate,
    validateUpdate,
    validateStatusUpdate,
  } = strategy;
  const { warnings, bumpsGeneration, gracePeriod, afterDelete, holdsDeletion, whyKept, ...rest } = strategy;
  return {
    ...(rest.validateName === undefined ? {} : { validateName: rest.validateName }),
    ...(rest.defaultPropagation === undefined ? {} : { defaultPropagation: rest.defaultPropagation }),
    ...(rest.allowUnconditionalUpdate === undefined ? {} : { allowUnconditionalUpdate: rest.allowUnconditionalUpdate }),
    ...(rest.allowCreateOnUpdate === undefined ? {} : { allowCreateOnUpdate: rest.allowCreateOnUpdate }),
    ...(rest.statusKeeps === undefined ? {} : { statusKeeps: rest.statusKeeps }),
    ...(applyDefaults === undefined ? {} : { applyDefaults }),
    ...(prepareForCreate && {
      prepareForCreate(object, context) {
        const next = stored(object);
        prepareForCreate(next, context);
        bringBack(object, next);
      },
    }),
    ...(prepareForUpdate && {
      prepareForUpdate(object, old, context) {
        const next = stored(object);
        prepareForUpdate(next, stored(old), context);
        bringBack(object, next);
      },
    }),
    ...(prepareForDelete && {
      prepareForDelete(object) {
        const next = stored(object);
        prepareForDelete(next);
        bringBack(object, next);
      },
    }),
    ...(validate && { validate: (object, context) => validate(stored(object), context) }),
    ...(validateCreate && { validateCreate: (object, context) => validateCreate(stored(object), context) }),
    ...(validateUpdate && {
      validateUpdate: (object, old, context, warn) => validateUpdate(stored(object), stored(old), context, warn),
    }),
    ...(validateStatusUpdate && {
      validateStatusUpdate: (object, old, warn) => validateStatusUpdate(stored(object), stored(old), warn),
    }),
    ...(warnings && { warnings: (object, old) => warnings(stored(object), old && stored(old)) }),
    ...(bumpsGeneration && { bumpsGeneration: (object, old) => bumpsGeneration(stored(object), stored(old)) }),
    ...(gracePeriod && { gracePeriod: (object, requested) => gracePeriod(stored(object), requested) }),
    ...(afterDelete && { afterDelete: (object, context) => afterDelete(stored(object), context) }),
    ...(holdsDeletion && { holdsDeletion: (object) => holdsDeletion(stored(object)) }),
    ...(whyKept && { whyKept: (object) => whyKept(stored(object)) }),
  };
}
