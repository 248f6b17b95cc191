import { describe, expect, it } from 'vitest';
import { ManagedFields } from '../../../../../electron/simulator/apiserver/managed-fields/managed-fields';
import { Change } from '../../../../../electron/simulator/apiserver/storage/change';
import { History } from '../../../../../electron/simulator/apiserver/storage/history';
import { Stored } from '../../../../../electron/simulator/apiserver/storage/stored';

const change = (revision: number) =>
  new Change(
    'ADDED',
    Stored.of(`o-${revision}`, revision, { metadata: { name: `o-${revision}` } }, ManagedFields.none),
    undefined,
  );

describe('the history of a resource', () => {
  it('knows its latest changes in order, however often it has come round', () => {
    const history = new History(0, 3);
    for (let revision = 2; revision <= 20; revision += 2) {
      const forgotten = history.add(change(revision));
      expect(forgotten?.revision).toBe(revision > 6 ? revision - 6 : undefined);
      const all = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20].filter((each) => each <= revision);
      for (let since = 0; since <= revision; since++) {
        const known = since >= history.start;
        expect(known).toBe(since >= (all.at(-4) ?? 0));
        const newer = all.filter((each) => each > since);
        expect(history.after(since)?.map((each) => each.revision)).toEqual(known ? newer : undefined);
      }
    }
  });

  it('begins anew when it is cleared', () => {
    const history = new History(0, 3);
    for (let revision = 1; revision <= 5; revision++) history.add(change(revision));
    history.clear(7);
    expect(history.after(6)).toBeUndefined();
    expect(history.after(7)).toEqual([]);
    history.add(change(8));
    expect(history.after(7)?.map((each) => each.revision)).toEqual([8]);
  });

  it('lets objects that changed long ago give up their text, which they can write again', () => {
    const { current } = change(1);
    const { json } = current;
    current.forgetText();
    expect(current.json).toBe(json);
    const restored = Stored.encoded('o-1', 1, json);
    restored.forgetText();
    expect(restored.object.metadata.name).toBe('o-1');
  });
});
