import { isDeepStrictEqual } from 'node:util';
import { dns1123LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { StatefulSet } from '../../../../shared/kubernetes/objects';
import type { PodTemplateSpec } from '../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, required } from './field-error';
import { validateAnnotations, validateLabels } from './labels';
import { validateClaimSpec } from './persistent-volume-claim';
import { validatePodTemplate } from './pod';
import { validatePodAnnotations } from './pod-spec/annotations';
import { invalidFor, nonNegative, oneOf } from './values';
import { isReadable, validateLongRunning, validateTemplateMatch, validateWorkloadSelector } from './workload-template';

type Spec = NonNullable<StatefulSet['spec']>;

const TEMPLATE = 'spec.template';
const RETENTION = ['Retain', 'Delete'];

/** What holds for a set at any time (pkg/apis/apps/validation, `ValidateStatefulSetSpec`). */
export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  const retention = spec?.persistentVolumeClaimRetentionPolicy;
  return [
    ...validateManagement(spec?.podManagementPolicy),
    ...validateStrategy(spec?.updateStrategy ?? {}, 'spec.updateStrategy'),
    ...oneOf(retention?.whenDeleted, RETENTION, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted'),
    ...oneOf(retention?.whenScaled, RETENTION, 'spec.persistentVolumeClaimRetentionPolicy.whenScaled'),
    ...nonNegative(spec?.replicas, 'spec.replicas'),
    ...nonNegative(spec?.minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(spec?.ordinals?.start, 'spec.ordinals.start'),
    ...validateWorkloadSelector(spec?.selector, 'statefulset'),
    ...(isReadable(spec?.selector) ? validateTemplate(spec) : [invalid('spec.selector', spec?.selector, '')]),
    ...validateLongRunning(spec?.template, 'StatefulSet'),
  ];
}

/** What cannot change later, and is therefore looked at once. */
export function validateStatefulSetCreate({ spec }: StatefulSet): FieldError[] {
  return [
    ...(spec?.volumeClaimTemplates ?? []).flatMap((claim, index) =>
      validateClaimSpec(claim.spec, `spec.volumeClaimTemplates[${index}].spec`),
    ),
    ...(spec?.serviceName ? invalidFor('spec.serviceName', spec.serviceName, dns1123LabelProblems) : []),
  ];
}

function validateManagement(policy: string | undefined): FieldError[] {
  if (!policy) return [required('spec.podManagementPolicy')];
  if (policy === 'OrderedReady' || policy === 'Parallel') return [];
  return [invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")];
}

function validateStrategy(strategy: NonNullable<Spec['updateStrategy']>, path: string): FieldError[] {
  const { type = '', rollingUpdate } = strategy;
  if (type === 'RollingUpdate') return nonNegative(rollingUpdate?.partition, `${path}.rollingUpdate.partition`);
  // As Go shows upstream's internal type.
  const shown = rollingUpdate === undefined ? null : { Partition: rollingUpdate.partition ?? 0, MaxUnavailable: null };
  if (type !== 'OnDelete') {
    return [invalid(path, { Type: type, RollingUpdate: shown }, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  if (shown === null) return [];
  return [invalid(`${path}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'")];
}

/** The template as its pods will be: with the set's claims for volumes, and names that the controller gives. */
function validateTemplate(spec: Spec | undefined): FieldError[] {
  const { selector, template } = spec ?? {};
  const { labels, annotations } = template?.metadata ?? {};
  return [
    ...validateTemplateMatch(selector, template),
    ...validatePodTemplate(completed(spec), TEMPLATE),
    // Upstream looks at these once more, and says so twice.
    ...validateLabels(labels, `${TEMPLATE}.labels`),
    ...validateAnnotations(annotations, `${TEMPLATE}.annotations`),
    ...validatePodAnnotations(annotations, template?.spec ?? { containers: [] }, `${TEMPLATE}.annotations`),
  ];
}

function completed(spec: Spec | undefined): PodTemplateSpec | undefined {
  const template = spec?.template;
  if (template?.spec === undefined) return template;
  const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? '');
  const { hostname, subdomain, volumes = [], ...rest } = template.spec;
  const all = [
    ...[...new Set(claims)].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...volumes.filter(({ name }) => !claims.includes(name)),
  ];
  return { ...template, spec: { ...rest, volumes: all } };
}

const FIXED_TEXT =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

/** What may not change in a set after it was made (`ValidateStatefulSetUpdate`). */
export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const fixed = ({ spec }: StatefulSet) => ({
    selector: spec?.selector,
    serviceName: spec?.serviceName ?? '',
    podManagementPolicy: spec?.podManagementPolicy,
    volumeClaimTemplates: spec?.volumeClaimTemplates ?? [],
  });
  return isDeepStrictEqual(fixed(set), fixed(old)) ? [] : [forbidden('spec', FIXED_TEXT)];
}
