import type { HealthState } from '../../shared/kinds/kind';

export type HealthCounts = Readonly<Partial<Record<HealthState, number>>>;

/** In the order that charts draw them in. */
export const healthStates: readonly HealthState[] = ['ok', 'done', 'progress', 'warning', 'error', 'neutral'];

export const healthWords: Readonly<Record<HealthState, string>> = {
  ok: 'Well',
  done: 'Finished',
  progress: 'On their way',
  warning: 'Worth a look',
  error: 'Failing',
  neutral: 'Other',
};

/** `3 well, 1 failing`: what a chart says to those who do not see it. */
export function countsText(counts: HealthCounts): string {
  const parts = healthStates.filter((state) => (counts[state] ?? 0) > 0);
  return parts.map((state) => `${counts[state]} ${healthWords[state].toLowerCase()}`).join(', ') || 'none';
}
