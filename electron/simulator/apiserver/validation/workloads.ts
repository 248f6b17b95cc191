import { isDeepStrictEqual } from 'node:util';
import { resolveIntOrPercent } from '../../../../shared/kubernetes/int-or-string';
import type {
  DaemonSet,
  Deployment,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../../../../shared/kubernetes/objects';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { type FieldError, forbidden, invalid, notSupported, required, sortedByKey } from './field-error';
import { validateWorkloadSelector } from './labels';
import { validateClaimSpec } from './persistent-volume-claim';
import { validatePodTemplate, validateTemplateRestartPolicy } from './pod';
import { countOrPercent } from './scheduling';
import { nonNegative } from './values';

const ALWAYS = ['Always'];
const TEMPLATE = 'spec.template';

type Template = Parameters<typeof validatePodTemplate>[0];

function validateLongRunning(template: Template): FieldError[] {
  return [
    ...validatePodTemplate(template, TEMPLATE),
    ...validateTemplateRestartPolicy(template, ALWAYS, TEMPLATE),
    ...(template?.spec?.activeDeadlineSeconds === undefined
      ? []
      : [forbidden(`${TEMPLATE}.spec.activeDeadlineSeconds`, 'activeDeadlineSeconds in ReplicaSet is not Supported')]),
  ];
}

/** pkg/apis/apps/validation, `ValidateDeploymentSpec`. */
export function validateDeployment({ spec }: Deployment): FieldError[] {
  const errors = [
    ...nonNegative(spec?.replicas, 'spec.replicas'),
    ...validateWorkloadSelector(spec?.selector, spec?.template?.metadata?.labels, 'deployment'),
    ...validateLongRunning(spec?.template),
  ];
  const strategy = spec?.strategy;
  if (strategy?.type === 'Recreate') {
    if (strategy.rollingUpdate !== undefined) {
      errors.push(forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"));
    }
  } else if (strategy?.type === 'RollingUpdate') {
    errors.push(...validateRollingUpdate(strategy.rollingUpdate, 'spec.strategy.rollingUpdate'));
  } else errors.push(notSupported('spec.strategy', strategy, ['Recreate', 'RollingUpdate']));
  errors.push(...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds'));
  errors.push(...nonNegative(spec?.revisionHistoryLimit, 'spec.revisionHistoryLimit'));
  const deadline = spec?.progressDeadlineSeconds;
  if (deadline !== undefined) {
    errors.push(...nonNegative(deadline, 'spec.progressDeadlineSeconds'));
    if (deadline <= (spec?.minReadySeconds ?? 0)) {
      errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
    }
  }
  return errors;
}

interface RollingUpdate {
  maxSurge?: number | string;
  maxUnavailable?: number | string;
}

/** Both limits, of which one must leave room to move. */
function validateRollingUpdate(update: RollingUpdate | undefined, path: string): FieldError[] {
  if (update === undefined) return [required(path, 'this should be defaulted and never be nil')];
  const errors = countOrPercent(update.maxUnavailable, `${path}.maxUnavailable`);
  errors.push(
    ...(typeof update.maxSurge === 'string'
      ? countOrPercent(update.maxSurge, `${path}.maxSurge`).filter(({ message }) => !message.endsWith('than 100%'))
      : nonNegative(update.maxSurge, `${path}.maxSurge`)),
  );
  if (errors.length === 0 && isZero(update.maxUnavailable) && isZero(update.maxSurge)) {
    errors.push(invalid(`${path}.maxUnavailable`, update.maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  return errors;
}

function isZero(value: number | string | undefined): boolean {
  return resolveIntOrPercent(value ?? 0, 100, true) === 0;
}

/** pkg/apis/apps/validation, `ValidateReplicaSetSpec`. */
export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  return [
    ...nonNegative(spec?.replicas, 'spec.replicas'),
    ...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds'),
    ...validateWorkloadSelector(spec?.selector, spec?.template?.metadata?.labels, 'deployment'),
    ...validateLongRunning(spec?.template),
  ];
}

/** pkg/apis/core/validation, `ValidateReplicationControllerSpec`. */
export function validateReplicationController({ spec }: ReplicationController): FieldError[] {
  const errors = [...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds')];
  const selector = spec?.selector ?? {};
  if (Object.keys(selector).length === 0) errors.push(required('spec.selector'));
  errors.push(...nonNegative(spec?.replicas, 'spec.replicas'));
  const labels = spec?.template?.metadata?.labels;
  if (spec?.template !== undefined && !selectorFromLabelSelector({ matchLabels: selector }).matches(labels)) {
    errors.push(
      invalid(`${TEMPLATE}.metadata.labels`, sortedByKey(labels ?? {}), '`selector` does not match template `labels`'),
    );
  }
  return [...errors, ...validateLongRunning(spec?.template)];
}

/** pkg/apis/apps/validation, `ValidateDaemonSetSpec`. */
export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  const errors = [
    ...validateWorkloadSelector(spec?.selector, spec?.template?.metadata?.labels, 'daemonset'),
    ...validatePodTemplate(spec?.template, TEMPLATE),
    ...validateTemplateRestartPolicy(spec?.template, ALWAYS, TEMPLATE),
    ...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds'),
  ];
  const strategy = spec?.updateStrategy;
  if (strategy?.type === 'RollingUpdate') {
    const path = 'spec.updateStrategy.rollingUpdate';
    const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
    errors.push(
      ...countOrPercent(maxUnavailable, `${path}.maxUnavailable`),
      ...countOrPercent(maxSurge, `${path}.maxSurge`),
    );
    if (errors.length === 0) {
      if (!isZero(maxSurge) && !isZero(maxUnavailable)) {
        errors.push(invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
      }
      if (isZero(maxSurge) && isZero(maxUnavailable)) {
        errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
      }
    }
  } else if (strategy?.type !== 'OnDelete') {
    errors.push(notSupported('spec.updateStrategy', strategy, ['RollingUpdate', 'OnDelete']));
  }
  errors.push(...nonNegative(spec?.revisionHistoryLimit, 'spec.revisionHistoryLimit'));
  return errors;
}

/** pkg/apis/apps/validation, `ValidateStatefulSetSpec`. */
export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  const errors: FieldError[] = [];
  const policy = spec?.podManagementPolicy;
  if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    errors.push(invalid('spec.podManagementPolicy', policy, `must be 'OrderedReady' or 'Parallel'`));
  }
  const strategy = spec?.updateStrategy;
  if (strategy?.type === 'OnDelete') {
    if (strategy.rollingUpdate !== undefined) {
      errors.push(
        invalid(
          'spec.updateStrategy.rollingUpdate',
          strategy.rollingUpdate,
          "only allowed for updateStrategy 'RollingUpdate'",
        ),
      );
    }
  } else if (strategy?.type === 'RollingUpdate') {
    errors.push(...nonNegative(strategy.rollingUpdate?.partition, 'spec.updateStrategy.rollingUpdate.partition'));
  } else {
    errors.push(invalid('spec.updateStrategy', strategy, "must be 'RollingUpdate' or 'OnDelete'"));
  }
  errors.push(...nonNegative(spec?.replicas, 'spec.replicas'));
  errors.push(...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds'));
  errors.push(...validateWorkloadSelector(spec?.selector, spec?.template?.metadata?.labels, 'statefulset'));
  // Mounts may name claims of the set itself, which become volumes of its pods.
  const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata?.name ?? '',
    persistentVolumeClaim: { claimName: metadata?.name ?? '' },
  }));
  const template = spec?.template;
  const completed =
    template?.spec === undefined
      ? template
      : {
          ...template,
          spec: {
            ...template.spec,
            volumes: [
              ...(template.spec.volumes ?? []).filter((volume) => !claims.some((claim) => claim.name === volume.name)),
              ...claims,
            ],
          },
        };
  errors.push(...validatePodTemplate(completed, TEMPLATE));
  errors.push(...validateTemplateRestartPolicy(template, ALWAYS, TEMPLATE));
  for (const [index, claim] of (spec?.volumeClaimTemplates ?? []).entries()) {
    errors.push(...validateClaimSpec(claim.spec, `spec.volumeClaimTemplates[${index}].spec`));
  }
  return errors;
}

const STATEFUL_TEXT =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

/** What may change in a set after it was made (`ValidateStatefulSetUpdate`). */
export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const fixed = ({ spec }: StatefulSet) => ({
    selector: spec?.selector,
    serviceName: spec?.serviceName ?? '',
    podManagementPolicy: spec?.podManagementPolicy,
    volumeClaimTemplates: spec?.volumeClaimTemplates ?? [],
  });
  return isDeepStrictEqual(fixed(set), fixed(old)) ? [] : [forbidden('spec', STATEFUL_TEXT)];
}
