import { describe, expect, it } from 'vitest';
import { scenario } from '../../support/scenario/scenario';

/** How many, and from which seed on: `SCENARIOS=2000 SEED=1` tries more than a check of every change has time for. */
const COUNT = Number(process.env.SCENARIOS ?? 16);
const FIRST = Number(process.env.SEED ?? 1);

describe('whatever people and accidents do to a cluster', () => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    it(`breaks no rule, and comes to what is asked for in the end (seed ${seed})`, async () => {
      const { violations, log } = await scenario(seed);
      if (violations.length > 0) expect.fail(`${violations.slice(0, 20).join('\n')}\n\nafter\n${log.join('\n')}`);
    }, 120_000);
  }

  it('does the same again for the same seed, to the byte', async () => {
    const histories = new Set<string>();
    for (let seed = FIRST; seed < FIRST + COUNT / 4; seed++) {
      const { history } = await scenario(seed, { operations: 20 });
      expect((await scenario(seed, { operations: 20 })).history, `seed ${seed}`).toBe(history);
      histories.add(history);
    }
    expect(histories.size).toBe(COUNT / 4);
  }, 120_000);

  it('does the same again over a thousand minutes', async () => {
    const long = { operations: 140, pace: 10 };
    const [one, other] = [await scenario(FIRST, long), await scenario(FIRST, long)];
    expect(one.minutes).toBeGreaterThan(1000);
    expect(other.history).toBe(one.history);
  }, 300_000);
});
