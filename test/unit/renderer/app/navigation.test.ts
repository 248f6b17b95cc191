import { describe, expect, it } from 'vitest';
import { objectAddress, parseListSearch, parseObjectAddress } from '../../../../renderer/app/navigation';

describe("an object's address", () => {
  it('comes back as the object it was made of', () => {
    expect(parseObjectAddress('pods', objectAddress('default', 'web'))).toEqual({
      kind: 'pods',
      namespace: 'default',
      name: 'web',
    });
    expect(parseObjectAddress('nodes', objectAddress(undefined, 'worker-1'))).toEqual({
      kind: 'nodes',
      name: 'worker-1',
    });
  });

  it('is refused when it names nothing', () => {
    for (const text of [undefined, '', 'web', 'default/', '/web']) {
      expect(parseObjectAddress('pods', text)).toBeUndefined();
    }
  });

  it('is read from what stands behind the question mark, if it is text', () => {
    expect(parseListSearch({ object: 'a/b', tab: 'yaml', other: 1 })).toEqual({ object: 'a/b', tab: 'yaml' });
    expect(parseListSearch({ object: 5 })).toEqual({});
  });
});
