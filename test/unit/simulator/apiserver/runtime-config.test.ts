import { describe, expect, it } from 'vitest';
import { isEnabled, parseFeatureGates } from '../../../../electron/simulator/apiserver/feature-gates';
import { knownGroupVersions, servedDefinitions } from '../../../../electron/simulator/apiserver/strategies';
import { parseRuntimeConfig } from '../../../../electron/simulator/apiserver/strategies/runtime-config';

const served = (...parts: string[]) =>
  servedDefinitions(parseRuntimeConfig(parts, knownGroupVersions)).map(({ resource }) => resource.resource);

describe('which APIs are served', () => {
  it('serves what is stable, and what is not when it is told to', () => {
    expect(served()).toContain('deployments');
    expect(served()).not.toContain('mutatingadmissionpolicies');
    expect(served('api/beta=true')).toContain('mutatingadmissionpolicies');
    expect(served('admissionregistration.k8s.io/v1beta1')).toContain('mutatingadmissionpolicies');
  });

  it('lets what names more count more', () => {
    const some = served('api/beta=true', 'admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicies=false');
    expect(some).not.toContain('mutatingadmissionpolicies');
    expect(some).toContain('mutatingadmissionpolicybindings');
    expect(served('api/all=false', 'apps/v1=true')).toEqual(expect.arrayContaining(['deployments', 'statefulsets']));
    expect(served('api/all=false', 'apps/v1=true')).not.toContain('pods');
  });
});

it('switches features as their gates say', () => {
  expect(isEnabled('MutatingAdmissionPolicy')).toBe(false);
  expect(isEnabled('MutatingAdmissionPolicy', parseFeatureGates(['MutatingAdmissionPolicy=true']))).toBe(true);
  expect(isEnabled('MutatingAdmissionPolicy', parseFeatureGates(['kube:MutatingAdmissionPolicy=1']))).toBe(true);
});
