import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Age } from '../../../../renderer/table/age';

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean;
}

const start = Date.parse('2026-01-01T00:00:00Z');

describe('an age', () => {
  beforeEach(() => {
    globalThis.IS_REACT_ACT_ENVIRONMENT = true;
    vi.useFakeTimers({ now: start });
  });
  afterEach(() => vi.useRealTimers());

  it('ticks without being rendered again', () => {
    const renders = vi.fn();
    const Counted = () => {
      renders();
      return <Age time={start - 5000} />;
    };
    const container = document.createElement('div');
    const root = createRoot(container);
    act(() => root.render(<Counted />));
    expect(container.textContent).toBe('5s');
    vi.advanceTimersByTime(120_000);
    expect(container.textContent).toBe('2m5s');
    expect(renders).toHaveBeenCalledTimes(1);
    act(() => root.unmount());
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is never negative, whatever the other clock says', () => {
    const container = document.createElement('div');
    const root = createRoot(container);
    act(() => root.render(<Age time={start + 60_000} />));
    expect(container.textContent).toBe('0s');
    act(() => root.unmount());
  });
});
