import type { Service } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { oneOf, portNumber } from './values';

type Spec = NonNullable<Service['spec']>;

const POLICIES = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Whether traffic may come from outside the cluster (pkg/api/service, `ExternallyAccessible`). */
export function isExternallyAccessible({ type, externalIPs = [] }: Spec): boolean {
  return type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);
}

/** Whether load balancers must find out which nodes have endpoints (pkg/api/service, `NeedsHealthCheck`). */
export const needsHealthCheck = ({ type, externalTrafficPolicy }: Spec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** `validateServiceExternalTrafficPolicy`. */
export function validateExternalTraffic(spec: Spec): FieldError[] {
  const { externalTrafficPolicy: policy, healthCheckNodePort: port } = spec;
  const errors: FieldError[] = [];
  if (isExternallyAccessible(spec)) {
    if (!policy) errors.push(required('spec.externalTrafficPolicy'));
    else errors.push(...oneOf(policy, POLICIES, 'spec.externalTrafficPolicy'));
  } else if (policy) {
    errors.push(invalid('spec.externalTrafficPolicy', policy, 'may only be set for externally-accessible services'));
  }
  if (needsHealthCheck(spec)) {
    errors.push(...(port ? portNumber(port, 'spec.healthCheckNodePort') : [required('spec.healthCheckNodePort')]));
  } else if (port) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid('spec.healthCheckNodePort', port, why));
  }
  return errors;
}

/** `validateServiceExternalTrafficFieldsUpdate`. */
export function validateExternalTrafficUpdate(spec: Spec, old: Spec): FieldError[] {
  if (!needsHealthCheck(old) || !needsHealthCheck(spec)) return [];
  return spec.healthCheckNodePort === old.healthCheckNodePort
    ? []
    : [forbidden('spec.healthCheckNodePort', 'field is immutable')];
}

/** `validateServiceInternalTrafficFieldsValue`; an ExternalName may go without. */
export const validateInternalTraffic = ({ internalTrafficPolicy }: Spec): FieldError[] =>
  oneOf(internalTrafficPolicy, POLICIES, 'spec.internalTrafficPolicy');

/** `validateServiceTrafficDistribution`. */
export function validateTrafficDistribution({ trafficDistribution: asked }: Spec): FieldError[] {
  if (asked === undefined || DISTRIBUTIONS.includes(asked)) return [];
  return [notSupported('spec.trafficDistribution', asked, DISTRIBUTIONS)];
}
