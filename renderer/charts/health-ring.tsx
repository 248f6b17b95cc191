import { Cell, Pie, PieChart } from 'recharts';
import { countsText, type HealthCounts, healthStates } from './health';

interface HealthRingProps {
  readonly counts: HealthCounts;
  /** What stands in the middle. */
  readonly total: string;
  readonly label: string;
}

const size = 132;

/** How many of each health, as a ring around their number. */
export function HealthRing({ counts, total, label }: HealthRingProps) {
  const parts = healthStates.map((state) => ({ state, count: counts[state] ?? 0 })).filter(({ count }) => count > 0);
  const data = parts.length === 0 ? [{ state: 'line', count: 1 }] : parts;
  return (
    <div
      role="img"
      aria-label={`${label}: ${countsText(counts)}`}
      className="relative"
      style={{ width: size, height: size }}
    >
      <PieChart width={size} height={size} accessibilityLayer={false}>
        <Pie
          data={data}
          dataKey="count"
          innerRadius={52}
          outerRadius={65}
          startAngle={90}
          endAngle={-270}
          paddingAngle={parts.length > 1 ? 2 : 0}
          stroke="none"
          isAnimationActive={false}
        >
          {data.map(({ state }) => (
            <Cell key={state} fill={`var(--${state})`} />
          ))}
        </Pie>
      </PieChart>
      <div className="absolute inset-0 flex flex-col items-center justify-center">
        <span className="tabular font-semibold text-xl">{total}</span>
        <span className="text-ink-faint text-sm">{label}</span>
      </div>
    </div>
  );
}
