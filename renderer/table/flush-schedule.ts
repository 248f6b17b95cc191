/** Runs the flush a little later; tests run it when they please. */
export type Schedule = (flush: () => void) => void;

/** After so long without a flush, the next one is made at once. Milliseconds: a few frames. */
const quiet = 50;

/**
 * Once a frame while changes keep coming; at once after a quiet time, so that a single change is drawn with the very next
 * frame. A hidden page gets no frames, and is flushed all the same.
 */
export function eachFrame(): Schedule {
  let flushed = Number.NEGATIVE_INFINITY;
  return (flush) => {
    const run = () => {
      flushed = performance.now();
      flush();
    };
    if (document.visibilityState !== 'visible') setTimeout(run, 250);
    else if (performance.now() - flushed > quiet) queueMicrotask(run);
    else requestAnimationFrame(run);
  };
}
