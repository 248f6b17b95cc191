import { useLayoutEffect, useRef } from 'react';
import { humanDuration } from '../../shared/kubernetes/ages';
import { everySecond } from '../ui/ticker';

/** How long ago a time was, ticking by itself: the text changes without anything being rendered again. */
export function Age({ time, className }: { time: number; className?: string }) {
  const element = useRef<HTMLTimeElement>(null);
  useLayoutEffect(() => {
    const show = (now: number) => {
      // Clocks differ a little between machines: nothing is younger than now.
      const text = humanDuration(Math.max(0, now - time));
      if (element.current !== null && element.current.textContent !== text) element.current.textContent = text;
    };
    show(Date.now());
    return everySecond(show);
  }, [time]);
  const date = new Date(time);
  return <time ref={element} dateTime={date.toISOString()} title={date.toLocaleString()} className={className} />;
}
