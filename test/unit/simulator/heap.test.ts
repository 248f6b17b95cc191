import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from '../../../electron/simulator/heap';

it('gives back in order what was put in, however puts and takes are mixed', () => {
  const steps = fc.array(fc.oneof(fc.integer(), fc.constant('take' as const)));
  fc.assert(
    fc.property(steps, (mixed) => {
      const heap = new Heap<number>((a, b) => a < b);
      const model: number[] = [];
      for (const step of mixed) {
        if (step !== 'take') {
          heap.push(step);
          model.push(step);
          model.sort((a, b) => a - b);
        } else expect(heap.pop()).toBe(model.shift());
        expect(heap.peek()).toBe(model[0]);
      }
    }),
    { seed: 1 },
  );
});
