import { describe, expect, it } from 'vitest';
import type { Service } from '../../../../shared/kubernetes/objects';
import { contextWith, defaulted, definitionOf, prepared, problemsOf, type Sketch, updateProblemsOf } from './kinds';

const service = (spec: Sketch = {}): Sketch => ({ spec: { ports: [{ port: 80 }], ...spec } });

const other: Service = {
  kind: 'Service',
  metadata: { name: 'other', namespace: 'default' },
  spec: { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7'], ports: [{ port: 1, nodePort: 30_001 }] },
};

describe('services', () => {
  it('have defaults and get an address', () => {
    const object = prepared('Service', service()) as Service;
    expect(object.spec).toMatchObject({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
    });
    expect(object.spec?.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\.\d+\.\d+$/);
    expect(object.spec?.clusterIPs).toEqual([object.spec?.clusterIP]);
  });

  it('get node ports in the range', () => {
    const object = prepared('Service', service({ type: 'NodePort' })) as Service;
    const port = object.spec?.ports?.[0]?.nodePort ?? 0;
    expect(port).toBeGreaterThanOrEqual(30_000);
    expect(port).toBeLessThanOrEqual(32_767);
    expect(object.spec?.externalTrafficPolicy).toBe('Cluster');
  });

  it('stay without an address when headless or external', () => {
    expect((prepared('Service', service({ clusterIP: 'None' })) as Service).spec?.clusterIPs).toEqual(['None']);
    const external = prepared('Service', { spec: { type: 'ExternalName', externalName: 'a.b' } }) as Service;
    expect(external.spec?.clusterIP).toBeUndefined();
    expect(external.spec?.internalTrafficPolicy).toBeUndefined();
  });

  it.each<[string, Sketch, string[]]>([
    ['no ports', { spec: {} }, ['spec.ports: Required value']],
    [
      'an address that is taken',
      service({ clusterIP: '10.96.0.7' }),
      [
        'spec.clusterIPs: Invalid value: ["10.96.0.7"]: failed to allocate IP 10.96.0.7: provided IP is already allocated',
      ],
    ],
    [
      'an address from elsewhere',
      service({ clusterIP: '192.168.0.1' }),
      [
        'spec.clusterIPs: Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided IP (192.168.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/12',
      ],
    ],
    [
      'a node port that is taken',
      { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] } },
      ['spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated'],
    ],
    [
      'a node port out of range',
      { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 8080 }] } },
      [
        'spec.ports[0].nodePort: Invalid value: 8080: provided port is not in the valid range. The range of valid ports is 30000-32767',
      ],
    ],
    [
      'several ports without names',
      { spec: { ports: [{ port: 80 }, { port: 81 }] } },
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
  ])('refuse %s', (_, fields, expected) => {
    expect(problemsOf('Service', fields, contextWith(other))).toEqual(expected);
  });

  it('keep their address, also when an update leaves it out', () => {
    const before = service({ clusterIP: '10.96.0.9' });
    expect(updateProblemsOf('Service', before, service({ clusterIP: '10.96.0.8' }))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set',
    ]);
    expect(updateProblemsOf('Service', before, service())).toEqual([]);
  });

  it('give back what another type does not have', () => {
    const context = contextWith();
    const { strategy } = definitionOf('Service');
    const old = prepared('Service', service({ type: 'NodePort' }), context) as Service;
    const object = defaulted('Service', { spec: { ...structuredClone(old.spec), type: 'ClusterIP' } }) as Service;
    strategy.prepareForUpdate?.(object, old, context);
    expect(object.spec?.ports?.[0]?.nodePort).toBeUndefined();
    expect(object.spec?.clusterIP).toBe(old.spec?.clusterIP);
    expect(object.spec?.externalTrafficPolicy).toBeUndefined();
  });
});
