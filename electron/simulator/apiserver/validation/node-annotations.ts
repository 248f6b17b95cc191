import { JsonSyntaxError, readJson } from '../encoding/json-reader';
import { isRecord } from '../json';
import { type FieldError, invalid, required } from './field-error';
import { validateTaints } from './taints';

const TAINTS = 'scheduler.alpha.kubernetes.io/taints';
const AVOID = 'scheduler.alpha.kubernetes.io/preferAvoidPods';
const AT = 'metadata.annotations';

/** What nodes said by annotations before they had fields for it (`ValidateNodeSpecificAnnotations`). */
export function validateNodeAnnotations(annotations: Readonly<Record<string, string>> = {}): FieldError[] {
  const { [TAINTS]: taints, [AVOID]: avoid } = annotations;
  return [...(taints ? taintsIn(taints) : []), ...(avoid ? avoidedPodsIn(avoid) : [])];
}

function taintsIn(text: string): FieldError[] {
  const taints = read(text);
  if (taints instanceof JsonSyntaxError) return [invalid(AT, TAINTS, taints.message)];
  if (taints === null) return [];
  if (!Array.isArray(taints)) return [invalid(AT, TAINTS, notOfType(taints, '[]core.Taint'))];
  const odd: unknown = taints.find((taint) => taint !== null && !isRecord(taint));
  if (odd !== undefined) return [invalid(AT, TAINTS, notOfType(odd, 'core.Taint'))];
  return validateTaints(
    taints.map((taint) => (isRecord(taint) ? taint : {})),
    `${AT}.${TAINTS}`,
  );
}

/** `ValidateAvoidPodsInNodeAnnotations`. */
function avoidedPodsIn(text: string): FieldError[] {
  const at = `${AT}.AvoidPods`;
  const avoided = read(text);
  if (avoided instanceof JsonSyntaxError) return [invalid(at, AVOID, avoided.message)];
  if (avoided === null) return [];
  if (!isRecord(avoided)) return [invalid(at, AVOID, notOfType(avoided, 'v1.AvoidPods'))];
  const { preferAvoidPods: entries } = avoided;
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown, index) => {
    const path = `${AT}.${AVOID}[${index}].PodSignature`;
    const signature = isRecord(entry) ? entry.podSignature : undefined;
    const owner = isRecord(signature) ? signature.podController : undefined;
    if (!isRecord(owner)) return [required(path)];
    if (owner.controller === true) return [];
    return [invalid(`${path}.PodController.Controller`, false, 'must point to a controller')];
  });
}

function read(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
}

/** As Go's encoding/json says it. */
function notOfType(value: unknown, type: string): string {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type ${type}`;
}
