import type { PointerEvent } from 'react';

/**
 * Follows a pointer from where it was pressed until it is let go.
 * @param event the press, on the handle that is dragged
 * @param onMove how far it has gone to the right since, in pixels
 */
export function followDrag(event: PointerEvent<HTMLElement>, onMove: (distance: number) => void): void {
  const handle = event.currentTarget;
  const from = event.clientX;
  const move = (next: globalThis.PointerEvent) => onMove(next.clientX - from);
  const stop = () => {
    handle.removeEventListener('pointermove', move);
    handle.removeEventListener('lostpointercapture', stop);
  };
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener('pointermove', move);
  handle.addEventListener('lostpointercapture', stop);
}
