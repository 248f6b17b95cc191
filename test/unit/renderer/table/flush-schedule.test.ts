import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eachFrame } from '../../../../renderer/table/flush-schedule';

describe('when rows are drawn', () => {
  let flushed: string[];
  const flush = (name: string) => () => {
    flushed.push(name);
  };

  beforeEach(() => {
    flushed = [];
    vi.useFakeTimers({ toFake: ['performance', 'requestAnimationFrame', 'setTimeout'] });
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('takes the first change of a quiet time at once, and what follows with the next frame', async () => {
    const schedule = eachFrame();
    schedule(flush('first'));
    expect(flushed).toEqual([]);
    await Promise.resolve();
    expect(flushed).toEqual(['first']);
    schedule(flush('second'));
    await Promise.resolve();
    expect(flushed).toEqual(['first']);
    vi.advanceTimersByTime(20);
    expect(flushed).toEqual(['first', 'second']);
    vi.advanceTimersByTime(100);
    schedule(flush('third'));
    await Promise.resolve();
    expect(flushed).toEqual(['first', 'second', 'third']);
  });

  it('goes on in a hidden page, which gets no frames', async () => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    eachFrame()(flush('hidden'));
    await Promise.resolve();
    expect(flushed).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(flushed).toEqual(['hidden']);
  });
});
