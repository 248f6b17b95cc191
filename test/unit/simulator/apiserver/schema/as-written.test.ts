import { describe, expect, it } from 'vitest';
import { ManagedFields } from '../../../../../electron/simulator/apiserver/managed-fields/managed-fields';
import { addStructs, asSent, asWritten } from '../../../../../electron/simulator/apiserver/schema/as-written';
import { Stored } from '../../../../../electron/simulator/apiserver/storage/stored';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';

const of = (apiVersion: string, kind: string, rest: object = {}): KubeObject =>
  Object.assign({ apiVersion, kind, metadata: {} }, rest);

describe('what Go has of an object though nobody has filled it', () => {
  it('is its structs, its lists that are never left out, and moments', () => {
    expect(
      asWritten(of('autoscaling/v2', 'HorizontalPodAutoscaler', { status: { conditions: [{ type: 'A' }] } })),
    ).toEqual(
      of('autoscaling/v2', 'HorizontalPodAutoscaler', {
        spec: { scaleTargetRef: { kind: '', name: '' }, maxReplicas: 0 },
        status: {
          desiredReplicas: 0,
          currentMetrics: null,
          conditions: [{ type: 'A', status: '', lastTransitionTime: null }],
        },
      }),
    );
  });

  it('is a quantity of zero', () => {
    const from = { resourceFieldRef: { resource: 'limits.cpu' } };
    const pod = asWritten(
      of('v1', 'Pod', { spec: { containers: [{ name: 'c', env: [{ name: 'A', valueFrom: from }] }] } }),
    );
    expect(pod).toMatchObject({
      spec: { containers: [{ env: [{ valueFrom: { resourceFieldRef: { divisor: '0' } } }], resources: {} }] },
    });
  });

  it('is null for a list without items once that is stored, where it is kept as protobuf', () => {
    const role = of('rbac.authorization.k8s.io/v1', 'Role', { rules: [] });
    expect(asSent(role)).toEqual(role);
    expect(asWritten(role)).toEqual({ ...role, rules: null });
    const status = { conditions: [], storedVersions: [] };
    const definition = asWritten(of('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { status }));
    expect(definition).toMatchObject({ status });
  });

  it('is nothing of a kind that only looks like one of Kubernetes', () => {
    const object = of('apps.example.com/v1', 'Deployment');
    expect(asWritten(object)).toBe(object);
  });

  it('is there within the server only so far as objects may say so', () => {
    const pod = of('v1', 'Pod', { spec: { volumes: [{ name: 'v', projected: {} }] } });
    addStructs(pod);
    expect(pod).toEqual(of('v1', 'Pod', { spec: { volumes: [{ name: 'v', projected: {} }] }, status: {} }));
  });

  it('goes when an object is read back', () => {
    const pod = of('v1', 'Pod', {
      metadata: { name: 'a' },
      spec: { containers: [], volumes: [{ name: 'v', projected: {} }] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
    const { json } = Stored.of('a', 1, pod, ManagedFields.none);
    expect(json).toContain('"sources":null');
    expect(json).toContain('"lastProbeTime":null');
    expect(JSON.stringify(Stored.encoded('a', 1, json).object)).not.toContain('null');
  });
});
