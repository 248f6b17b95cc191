import { describe, expect, it } from 'vitest';
import { scoreOf } from '../../../../renderer/app/palette';

describe('finding in the palette', () => {
  it('wants every word, and prefers what begins with the first', () => {
    expect(scoreOf('Deployments', 'dep')).toBeGreaterThan(scoreOf('Independent', 'dep'));
    expect(scoreOf('Independent', 'dep')).toBeGreaterThan(0);
    expect(scoreOf('Open details', 'dep')).toBe(0);
    expect(scoreOf('Sort by name', 'name sort')).toBeGreaterThan(0);
  });

  it('knows short names', () => {
    expect(scoreOf('Persistent Volume Claims', 'pvc', ['pvc'])).toBe(1);
  });
});
