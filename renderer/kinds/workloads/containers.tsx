import type { Pod } from '../../../shared/kubernetes/objects';
import { Field, Fields, Section } from '../../details/parts';
import { Age } from '../../table/age';
import { cx } from '../../ui/cx';
import { StatusGlyph, type Tone, toneInk } from '../../ui/status-glyph';

type PodSpec = NonNullable<Pod['spec']>;
export type Container = PodSpec['containers'][number];
type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

interface ContainersProps {
  readonly title: string;
  readonly containers: readonly Container[] | undefined;
  /** Absent for a template, which runs nothing itself. */
  readonly statuses?: readonly ContainerStatus[] | undefined;
  /** What the summary says at its head: no container has to say it again. */
  readonly said?: string | undefined;
}

/** Containers: what they run, and how they do where they run. */
export function Containers({ title, containers = [], statuses, said }: ContainersProps) {
  if (containers.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="flex flex-col gap-3">
        {containers.map((container) => (
          <li key={container.name} data-testid={`container:${container.name}`}>
            <ContainerBlock
              container={container}
              status={statuses?.find((status) => status.name === container.name)}
              runs={statuses !== undefined}
              said={said}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface ContainerBlockProps {
  readonly container: Container;
  readonly status: ContainerStatus | undefined;
  readonly runs: boolean;
  readonly said: string | undefined;
}

function ContainerBlock({ container, status, runs, said }: ContainerBlockProps) {
  const why = status?.state?.waiting?.message ?? status?.state?.terminated?.message;
  const state = runs ? describe(status) : undefined;
  const started = status?.state?.running?.startedAt;
  return (
    <>
      <div className="flex items-center gap-2 pb-1">
        {state !== undefined && <StatusGlyph tone={state.tone} />}
        <span className="font-medium">{container.name}</span>
        {state !== undefined && <span className={cx('min-w-0 truncate', toneInk[state.tone])}>{state.text}</span>}
        {started !== undefined && <Age time={Date.parse(started)} className="tabular ml-auto text-ink-faint" />}
      </div>
      <Fields>
        <Field name="Image">
          <span className="break-all font-mono text-sm">{container.image}</span>
        </Field>
        <Field name="Why">{why !== said && why}</Field>
        <Field name="Restarts">{status !== undefined && status.restartCount > 0 && restartText(status)}</Field>
        <Field name="Command">
          {(container.command ?? container.args) !== undefined && (
            <code className="break-all font-mono text-sm">
              {[...(container.command ?? []), ...(container.args ?? [])].join(' ')}
            </code>
          )}
        </Field>
        <Field name="Ports">
          {container.ports
            ?.map(
              ({ containerPort, protocol, name }) => `${containerPort}/${protocol ?? 'TCP'}${name ? ` (${name})` : ''}`,
            )
            .join(', ')}
        </Field>
        <Field name="Requests">{resourceText(container.resources?.requests)}</Field>
        <Field name="Limits">{resourceText(container.resources?.limits)}</Field>
        <Field name="Probes">
          {[
            container.startupProbe && 'startup',
            container.livenessProbe && 'liveness',
            container.readinessProbe && 'readiness',
          ]
            .filter(Boolean)
            .join(', ')}
        </Field>
        <Field name="Environment">{hasEnvironment(container) && <Environment container={container} />}</Field>
        <Field name="Mounts">
          {container.volumeMounts?.map(({ mountPath, name, readOnly }) => (
            <span key={mountPath} className="block">
              <span className="break-all font-mono text-sm">{mountPath}</span>{' '}
              <span className="text-ink-faint">
                from {name}
                {readOnly && ', read-only'}
              </span>
            </span>
          ))}
        </Field>
      </Fields>
    </>
  );
}

function describe(status: ContainerStatus | undefined): { tone: Tone; text: string } {
  const { waiting, running, terminated } = status?.state ?? {};
  if (running !== undefined) {
    return status?.ready ? { tone: 'ok', text: 'Running' } : { tone: 'progress', text: 'Running, not ready' };
  }
  if (terminated !== undefined) {
    const text = `${terminated.reason ?? 'Ended'}, exit code ${terminated.exitCode}`;
    return { tone: terminated.exitCode === 0 ? 'done' : 'error', text };
  }
  const reason = waiting?.reason ?? 'Waiting';
  return { tone: /BackOff|Err|Invalid|Error/.test(reason) ? 'error' : 'progress', text: reason };
}

function restartText({ restartCount, lastState }: ContainerStatus): string {
  const last = lastState?.terminated;
  if (last === undefined) return String(restartCount);
  return `${restartCount}, last ended as ${last.reason ?? 'unknown'} with exit code ${last.exitCode}`;
}

function resourceText(resources: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(resources ?? {})
    .map(([name, quantity]) => `${name} ${quantity}`)
    .join(', ');
}

function hasEnvironment({ env, envFrom }: Container): boolean {
  return (env?.length ?? 0) + (envFrom?.length ?? 0) > 0;
}

function Environment({ container: { env = [], envFrom = [] } }: { container: Container }) {
  return (
    <ul className="font-mono text-sm leading-5">
      {envFrom.map((source) => {
        const name = source.configMapRef?.name ?? source.secretRef?.name ?? '';
        return (
          <li key={name} className="break-all">
            all of {source.configMapRef === undefined ? 'secret' : 'config map'} {name}
          </li>
        );
      })}
      {env.map((variable) => (
        <li key={variable.name} className="break-all">
          {variable.name}=<span className="text-ink-soft">{variable.value ?? sourceText(variable.valueFrom)}</span>
        </li>
      ))}
    </ul>
  );
}

function sourceText(source: NonNullable<Container['env']>[number]['valueFrom']): string {
  if (source?.configMapKeyRef) return `‹config map ${source.configMapKeyRef.name}: ${source.configMapKeyRef.key}›`;
  if (source?.secretKeyRef) return `‹secret ${source.secretKeyRef.name}: ${source.secretKeyRef.key}›`;
  if (source?.fieldRef) return `‹${source.fieldRef.fieldPath}›`;
  if (source?.resourceFieldRef) return `‹${source.resourceFieldRef.resource}›`;
  return '';
}
