import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from '../../../../../electron/simulator/apiserver/patch/json-patch';

describe('JSON patch', () => {
  it.each([
    ['adds a member', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['inserts into a list', { l: [1, 3] }, [{ op: 'add', path: '/l/1', value: 2 }], { l: [1, 2, 3] }],
    ['appends to a list', { l: [1] }, [{ op: 'add', path: '/l/-', value: 2 }], { l: [1, 2] }],
    ['removes', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['replaces', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: [] }], { a: { b: [] } }],
    ['replaces everything', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copies', { a: { c: 1 } }, [{ op: 'copy', from: '/a', path: '/b' }], { a: { c: 1 }, b: { c: 1 } }],
    ['unescapes pointers', { 'a/b~c': 1 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }], { 'a/b~c': 2 }],
    ['tests', { a: 1 }, [{ op: 'test', path: '/a', value: 1 }], { a: 1 }],
  ])('%s', (_, target, patch, result) => {
    const before = structuredClone(target);
    expect(applyJsonPatch(target, patch)).toEqual(result);
    expect(target).toEqual(before);
  });

  it.each([
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }], 422],
    ['a path that is not there', [{ op: 'remove', path: '/x/y' }], 422],
    ['an index beyond the list', [{ op: 'add', path: '/l/9', value: 1 }], 422],
    ['an operation that is none', [{ op: 'swap', path: '/a' }], 422],
    ['what is no list', { op: 'add' }, 400],
    ['too many operations', Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 })), 413],
  ])('refuses %s', (_, patch, code) => {
    expect(() => applyJsonPatch({ a: 1, l: [] }, patch)).toThrow(expect.objectContaining({ code }));
  });
});
