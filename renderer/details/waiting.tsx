const lines = ['70%', '45%', '60%', '30%'];

/** Where a tab's content will be. */
export function Waiting() {
  return (
    <div aria-busy className="late flex flex-col gap-3 p-4" data-testid="details.loading">
      {lines.map((width) => (
        <span key={width} className="breathing h-2 rounded-sm bg-hover" style={{ width }} />
      ))}
    </div>
  );
}
