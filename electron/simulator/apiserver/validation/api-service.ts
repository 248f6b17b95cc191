import {
  dns1035LabelProblems,
  dns1123SubdomainProblems,
  pathSegmentProblems,
} from '../../../../shared/kubernetes/label-syntax';
import type { APIService } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, notSupported, required } from './field-error';
import { invalidFor } from './values';

/** kube-aggregator/pkg/apis/apiregistration/validation, `ValidateAPIService`. */
export function validateApiService({ metadata, spec }: APIService): FieldError[] {
  if (spec === undefined) return [];
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const errors = validateName(metadata.name, `${version}.${group}`);
  if (group === '' && version !== 'v1') {
    errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  }
  if (group !== '') errors.push(...invalidFor('spec.group', group, dns1123SubdomainProblems));
  errors.push(...invalidFor('spec.version', version, dns1035LabelProblems));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000) {
    errors.push(invalid('spec.groupPriorityMinimum', groupPriorityMinimum, 'must be positive and less than 20000'));
  }
  if (versionPriority <= 0 || versionPriority > 1000) {
    errors.push(invalid('spec.versionPriority', versionPriority, 'must be positive and less than 1000'));
  }
  return [...errors, ...(spec.service === undefined ? validateLocal(spec) : validateRemote(spec, spec.service))];
}

type Spec = NonNullable<APIService['spec']>;

/** What a name may be depends on the rest. */
function validateName(name: string | undefined, wanted: string): FieldError[] {
  if (!name || name === wanted || pathSegmentProblems(name).length > 0) return [];
  const rule = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`;
  return [invalid('metadata.name', name, rule)];
}

function validateLocal({ caBundle = '', insecureSkipTLSVerify }: Spec): FieldError[] {
  const size = Buffer.from(caBundle, 'base64').length;
  return [
    ...(size > 0 ? [invalid('spec.caBundle', `${size} bytes`, 'local APIServices may not have a caBundle')] : []),
    ...(insecureSkipTLSVerify === true
      ? [invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify')]
      : []),
  ];
}

function validateRemote(
  { caBundle = '', insecureSkipTLSVerify }: Spec,
  { namespace, name, port = 0 }: NonNullable<Spec['service']>,
): FieldError[] {
  return [
    ...(namespace ? [] : [required('spec.service.namespace')]),
    ...(name ? [] : [required('spec.service.name')]),
    ...(port >= 1 && port <= 65_535
      ? []
      : [invalid('spec.service.port', port, 'port is not valid: must be between 1 and 65535, inclusive')]),
    ...(insecureSkipTLSVerify === true && caBundle !== ''
      ? [invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present')]
      : []),
  ];
}

/** `ValidateAPIServiceStatus`. */
export function validateApiServiceStatus({ status }: APIService): FieldError[] {
  const known = ['True', 'False', 'Unknown'];
  return (status?.conditions ?? []).flatMap(({ status: is = '' }, index) =>
    known.includes(is) ? [] : [notSupported(`status.conditions[${index}].status`, is, known)],
  );
}
