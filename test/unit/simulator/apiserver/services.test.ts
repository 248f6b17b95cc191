import { describe, expect, it } from 'vitest';
import type { Service } from '../../../../shared/kubernetes/objects';
import { contextWith, defaulted, definitionOf, prepared, problemsOf, type Sketch, updateProblemsOf } from './kinds';

const service = (spec: Sketch = {}): Sketch => ({ spec: { ports: [{ port: 80 }], ...spec } });

const other: Service = {
  kind: 'Service',
  metadata: { name: 'other', namespace: 'default' },
  spec: {
    type: 'NodePort',
    clusterIP: '10.96.0.7',
    clusterIPs: ['10.96.0.7'],
    ports: [{ port: 1, nodePort: 30_001 }],
  },
};

/** What stands for the address of `other`. */
const itsAddress = { kind: 'IPAddress', metadata: { name: '10.96.0.7' } };

const onNode = (nodePort: number): Service => ({
  kind: 'Service',
  metadata: { name: `on-${nodePort}`, namespace: 'default' },
  spec: { type: 'NodePort', ports: [{ port: 1, nodePort }] },
});

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
    expect(port).toBeGreaterThanOrEqual(30_086);
    expect(port).toBeLessThanOrEqual(32_767);
    expect(object.spec?.externalTrafficPolicy).toBe('Cluster');
  });

  it('get the ports that are kept for those who ask when there are no others', () => {
    const full = contextWith(...Array.from({ length: 32_768 - 30_086 }, (_, index) => onNode(30_086 + index)));
    const ports = Array.from({ length: 50 }, (_, index) => ({ name: `p${index}`, port: index + 1 }));
    const object = prepared('Service', { spec: { type: 'NodePort', ports } }, full) as Service;
    const given = object.spec?.ports?.map(({ nodePort = 0 }) => nodePort) ?? [];
    expect(new Set(given).size).toBe(50);
    expect(Math.max(...given)).toBeLessThan(30_086);
    const all = contextWith(...Array.from({ length: 2768 }, (_, index) => onNode(30_000 + index)));
    expect(() => prepared('Service', { spec: { type: 'NodePort', ports } }, all)).toThrow(
      'Internal error occurred: failed to allocate a nodePort: range is full',
    );
  });

  it('get what nobody can have in a dry run', () => {
    const object = defaulted('Service', {
      spec: {
        type: 'NodePort',
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 81 },
        ],
      },
    }) as Service;
    definitionOf('Service').strategy.begin?.(object, undefined, contextWith(), true);
    expect(object.spec?.ports?.map(({ nodePort }) => nodePort)).toEqual([32_769, 32_770]);
    expect(object.spec?.clusterIP).toBe('10.96.0.0');
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
        'spec.clusterIPs: Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided network does not match the current range',
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
    expect(problemsOf('Service', fields, contextWith(other, itsAddress))).toEqual(expected);
  });

  it('keep their address, also when an update leaves it out', () => {
    const before = service({ clusterIP: '10.96.0.9' });
    const other = { clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.8'] };
    expect(updateProblemsOf('Service', before, service(other))).toEqual([
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
