interface ReplicaBarProps {
  readonly wanted: number;
  readonly ready: number;
  readonly existing: number;
  /** How many have the newest template, where that means something. */
  readonly updated?: number;
}

/** How many of the wanted replicas are there: a bar, and the same in words. */
export function ReplicaBar({ wanted, ready, existing, updated }: ReplicaBarProps) {
  const whole = Math.max(wanted, existing, 1);
  const percent = (count: number) => `${(Math.min(count, whole) / whole) * 100}%`;
  const text = [
    `${ready} of ${wanted} ready`,
    ...(existing === wanted ? [] : [`${existing} exist`]),
    ...(updated === undefined || updated === existing ? [] : [`${updated} up to date`]),
  ].join(', ');
  return (
    <div className="pb-2">
      <div className="relative h-2 overflow-hidden rounded-sm bg-hover" aria-hidden>
        <span
          className="absolute inset-y-0 left-0 bg-progress transition-[width] duration-300"
          style={{ width: percent(existing) }}
        />
        <span
          className="absolute inset-y-0 left-0 bg-ok transition-[width] duration-300"
          style={{ width: percent(ready) }}
        />
      </div>
      <p className="tabular pt-1 text-ink-soft">{text}</p>
    </div>
  );
}
