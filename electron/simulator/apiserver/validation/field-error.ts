/** The machine-readable half of a validation failure (`k8s.io/apimachinery/pkg/util/validation/field`). */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueNotFound'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

/** One thing wrong with an object, at one field. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** The path: `spec.containers[0].name`. */
  readonly field: string;
  /** The whole text after the path, as upstream's `Error.ErrorBody()`: `Required value: name or generateName is required`. */
  readonly message: string;
}
