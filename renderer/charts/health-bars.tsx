import { Bar, BarChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { countsText, type HealthCounts, healthStates } from './health';

interface HealthBarsProps {
  readonly rows: readonly { readonly name: string; readonly counts: HealthCounts }[];
  /** Pixels for each row. */
  readonly lineHeight: number;
}

/** One bar a row, divided by health: shares, not numbers, for a thousand pods and two jobs stand side by side. */
export function HealthBars({ rows, lineHeight }: HealthBarsProps) {
  const data = rows.map(({ name, counts }) => ({ name, ...counts }));
  const height = rows.length * lineHeight;
  return (
    <div role="img" aria-label={rows.map(({ name, counts }) => `${name}: ${countsText(counts)}`).join('; ')}>
      <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 320, height }}>
        <BarChart
          data={data}
          layout="vertical"
          stackOffset="expand"
          margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
          barCategoryGap={10}
          accessibilityLayer={false}
        >
          <XAxis type="number" hide domain={[0, 1]} />
          <YAxis type="category" dataKey="name" hide />
          {healthStates.map((state, index) => (
            <Bar
              key={state}
              dataKey={state}
              stackId="health"
              fill={`var(--${state})`}
              isAnimationActive={false}
              background={index === 0 ? { fill: 'var(--surface-hover)' } : false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
