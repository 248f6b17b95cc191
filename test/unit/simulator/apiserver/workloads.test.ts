import { describe, expect, it } from 'vitest';
import { defaulted, definitionOf, prepared, problemsOf, type Sketch, updateProblemsOf } from './kinds';

const template = (labels: Sketch = { app: 'a' }, spec: Sketch = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'c', image: 'i:1' }], ...spec },
});
const selector = { matchLabels: { app: 'a' } };
const workload = (more: Sketch = {}): Sketch => ({ spec: { selector, template: template(), ...more } });
const jobSpec = (more: Sketch = {}): Sketch => ({ template: template({}, { restartPolicy: 'Never' }), ...more });

describe('workload defaults', () => {
  it.each<[string, Sketch, Sketch]>([
    [
      'Deployment',
      workload(),
      {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      },
    ],
    ['ReplicaSet', workload(), { replicas: 1 }],
    [
      'StatefulSet',
      workload(),
      {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        revisionHistoryLimit: 10,
      },
    ],
    [
      'DaemonSet',
      workload(),
      {
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        revisionHistoryLimit: 10,
      },
    ],
    [
      'Job',
      { spec: jobSpec() },
      {
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        completions: 1,
        manualSelector: false,
        parallelism: 1,
        podReplacementPolicy: 'TerminatingOrFailed',
        suspend: false,
      },
    ],
    [
      'CronJob',
      { spec: { schedule: '* * * * *', jobTemplate: { spec: jobSpec() } } },
      { concurrencyPolicy: 'Allow', failedJobsHistoryLimit: 1, successfulJobsHistoryLimit: 3, suspend: false },
    ],
  ])('%s', (kind, fields, expected) => {
    expect(defaulted(kind, fields)).toMatchObject({ spec: expected });
  });

  it('does not give a Deployment’s template what only a pod has', () => {
    expect(JSON.stringify(defaulted('Deployment', workload()))).not.toContain('enableServiceLinks');
  });
});

describe('workload validation', () => {
  it.each<[string, string, Sketch, string[]]>([
    [
      'nothing at all',
      'Deployment',
      {},
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
        'spec.template.spec.containers: Required value',
      ],
    ],
    [
      'a selector that misses its pods',
      'Deployment',
      workload({ template: template({ app: 'b' }) }),
      ['spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`'],
    ],
    [
      'an empty selector',
      'DaemonSet',
      workload({ selector: {} }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset'],
    ],
    [
      'pods that end',
      'Deployment',
      workload({ template: template({ app: 'a' }, { restartPolicy: 'Never' }) }),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'no room to move',
      'Deployment',
      workload({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
    ],
    [
      'a negative count',
      'ReplicaSet',
      workload({ replicas: -1 }),
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a Job that always restarts',
      'Job',
      { spec: { template: template({}) } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'a bad schedule',
      'CronJob',
      { spec: { schedule: '* * * *', jobTemplate: { spec: jobSpec() } } },
      ['spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
    ],
    [
      'a zone in the schedule',
      'CronJob',
      { spec: { schedule: 'TZ=UTC * * * * *', jobTemplate: { spec: jobSpec() } } },
      [
        'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    [
      'an unknown zone and a long name',
      'CronJob',
      {
        metadata: { name: 'n'.repeat(53) },
        spec: { schedule: '@daily', timeZone: 'Mars/Base', jobTemplate: { spec: jobSpec() } },
      },
      [
        'spec.timeZone: Invalid value: "Mars/Base": unknown time zone Mars/Base',
        `metadata.name: Invalid value: "${'n'.repeat(53)}": must be no more than 52 characters`,
      ],
    ],
  ])('refuses %s', (_, kind, fields, expected) => {
    expect(problemsOf(kind, fields)).toEqual(expected);
  });

  it.each<[string, string, Sketch, Sketch, string[]]>([
    [
      'a Deployment’s selector',
      'Deployment',
      workload(),
      workload({ selector: { matchLabels: { app: 'b' } } }),
      ['spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable'],
    ],
    [
      'a StatefulSet’s service',
      'StatefulSet',
      workload({ serviceName: 'a' }),
      workload({ serviceName: 'b' }),
      [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    ],
  ])('keeps %s', (_, kind, before, after, expected) => {
    expect(updateProblemsOf(kind, before, after)).toEqual(expected);
  });

  it('lets a StatefulSet’s pods mount its own claims', () => {
    const spec = { containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'data', mountPath: '/d' }] }] };
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const fields = workload({ template: { metadata: { labels: { app: 'a' } }, spec }, volumeClaimTemplates: [claim] });
    expect(problemsOf('StatefulSet', fields)).toEqual([]);
  });
});

describe('a Job', () => {
  it('gets a selector by its uid, and labels in both forms', () => {
    expect(prepared('Job', { metadata: { name: 'pi', uid: 'u' }, spec: jobSpec() })).toMatchObject({
      spec: {
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
        template: {
          metadata: {
            labels: {
              'batch.kubernetes.io/controller-uid': 'u',
              'batch.kubernetes.io/job-name': 'pi',
              'controller-uid': 'u',
              'job-name': 'pi',
            },
          },
        },
      },
    });
  });

  it('keeps its template, except that it may start and stop', () => {
    const before = {
      metadata: { name: 'pi', uid: 'u' },
      spec: jobSpec({ manualSelector: true, selector, template: template({ app: 'a' }, { restartPolicy: 'Never' }) }),
    };
    const changed = (more: Sketch) => ({ ...before, spec: { ...before.spec, ...more } });
    expect(updateProblemsOf('Job', before, changed({ suspend: true, parallelism: 3, completions: 1 }))).toEqual([]);
    const [problem = ''] = updateProblemsOf(
      'Job',
      before,
      changed({ template: template({ app: 'a' }, { restartPolicy: 'OnFailure' }) }),
    );
    expect(problem).toMatch(/^spec\.template: Invalid value: \{.*\}: field is immutable$/);
  });

  it('leaves its pods behind unless told otherwise', () => {
    expect(definitionOf('Job').strategy.defaultPropagation).toBe('Orphan');
  });
});

it('counts a Deployment’s annotations as a change of generation, and its labels not', () => {
  const bumps = (metadata: Sketch) =>
    definitionOf('Deployment').strategy.bumpsGeneration?.(
      defaulted('Deployment', { ...workload(), metadata }),
      defaulted('Deployment', workload()),
    );
  expect(bumps({ annotations: { a: 'b' } })).toBe(true);
  expect(bumps({ labels: { a: 'b' } })).toBe(false);
});
