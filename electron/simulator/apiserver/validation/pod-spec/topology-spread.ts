import type { PodSpec } from '../../strategies/pod-defaults';
import { duplicate, type FieldError, invalid, required } from '../field-error';
import { validateLabelSelector } from '../labels';
import { oneOf, positive } from '../values';
import { validateMatchLabelKeys } from './affinity';

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const NODE_POLICIES = ['Honor', 'Ignore'];

/** How evenly pods of a kind lie over zones or nodes (`validateTopologySpreadConstraints`). */
export function validateTopologySpread(
  constraints: NonNullable<PodSpec['topologySpreadConstraints']>,
  path: string,
): FieldError[] {
  return constraints.flatMap((constraint, index) => {
    const at = `${path}[${index}]`;
    const { topologyKey = '', whenUnsatisfiable: action = '', minDomains, labelSelector } = constraint;
    const errors = [
      ...positive(constraint.maxSkew ?? 0, `${at}.maxSkew`),
      ...(topologyKey === '' ? [required(`${at}.topologyKey`, 'can not be empty')] : []),
      ...oneOf(action, ACTIONS, `${at}.whenUnsatisfiable`),
    ];
    const repeated = constraints
      .slice(index + 1)
      .some((other) => (other.topologyKey ?? '') === topologyKey && (other.whenUnsatisfiable ?? '') === action);
    if (repeated) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${action}}`));
    errors.push(...positive(minDomains, `${at}.minDomains`));
    if (minDomains !== undefined && action !== 'DoNotSchedule') {
      const text = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
      errors.push(invalid(`${at}.minDomains`, minDomains, text));
    }
    errors.push(
      ...oneOf(constraint.nodeAffinityPolicy, NODE_POLICIES, `${at}.nodeAffinityPolicy`),
      ...oneOf(constraint.nodeTaintsPolicy, NODE_POLICIES, `${at}.nodeTaintsPolicy`),
      ...validateMatchLabelKeys(labelSelector, constraint.matchLabelKeys, [], at),
      ...validateLabelSelector(labelSelector, `${at}.labelSelector`),
    );
    return errors;
  });
}
