/** The app's mark: a porthole over water, in the colours of the text around it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} aria-hidden fill="none">
      <circle cx="12" cy="12" r="10.5" fill="var(--accent)" />
      <circle cx="12" cy="12" r="7" fill="var(--surface-1)" />
      <path d="M5.3 13.2c1.7-1.3 3.3-1.3 4.6 0s2.8 1.3 4.2 0 3-1.3 4.6 0A7 7 0 0 1 5.3 13.2z" fill="var(--accent)" />
      <g fill="var(--surface-1)">
        <circle cx="12" cy="3.2" r=".9" />
        <circle cx="12" cy="20.8" r=".9" />
        <circle cx="3.2" cy="12" r=".9" />
        <circle cx="20.8" cy="12" r=".9" />
      </g>
    </svg>
  );
}
