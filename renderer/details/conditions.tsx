import type { KubeObject } from '../../shared/kubernetes/objects';
import { Age } from '../table/age';
import { StatusGlyph, type Tone } from '../ui/status-glyph';
import { Section } from './parts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** Conditions that are good when they do not hold. */
const unwelcome = /Pressure|Unavailable|Failed|Failure|DisruptionTarget|Deletion|Conflict|Invalid|NotFound/;

/** What the object's controllers say of it. Nothing for kinds without conditions. */
export function Conditions({ object }: { object: KubeObject }) {
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return null;
  return (
    <Section title="Conditions">
      <ul className="flex flex-col gap-1">
        {conditions.map((condition) => (
          <li key={condition.type} className="flex items-start gap-2">
            <StatusGlyph tone={toneOf(condition)} className="mt-1" label={condition.status} />
            <div className="min-w-0 flex-1">
              <div className="flex gap-2">
                <span className="font-medium">{condition.type}</span>
                <span className="min-w-0 flex-1 truncate text-ink-soft">
                  {condition.status === 'True' ? '' : condition.status === 'False' ? 'no' : 'unknown'}
                  {condition.status !== 'True' && condition.reason ? ', ' : ''}
                  {condition.reason}
                </span>
                {condition.lastTransitionTime !== undefined && (
                  <Age time={Date.parse(condition.lastTransitionTime)} className="tabular text-ink-faint" />
                )}
              </div>
              {condition.message ? (
                <p className="break-words text-ink-soft text-sm" data-selectable>
                  {condition.message}
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function toneOf({ type, status }: Condition): Tone {
  if (status === 'Unknown') return 'warning';
  const holds = status === 'True';
  if (unwelcome.test(type)) return holds ? 'error' : 'neutral';
  return holds ? 'ok' : 'progress';
}

function conditionsOf(object: KubeObject): readonly Condition[] {
  if (!('status' in object) || typeof object.status !== 'object' || object.status === null) return [];
  const { status } = object;
  if (!('conditions' in status) || !Array.isArray(status.conditions)) return [];
  return status.conditions.filter(isCondition);
}

function isCondition(value: unknown): value is Condition {
  return typeof value === 'object' && value !== null && 'type' in value && 'status' in value;
}
