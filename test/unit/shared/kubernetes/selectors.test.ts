import { describe, expect, it } from 'vitest';
import {
  formatLabelSelector,
  parseFieldSelector,
  parseLabelSelector,
  selectorFromLabelSelector,
} from '../../../../shared/kubernetes/selectors';

describe('label selectors', () => {
  it.each([
    ['', {}, true],
    ['x=y', { x: 'y' }, true],
    ['x=y', { x: 'z' }, false],
    ['x!=y', {}, true],
    ['x!=y', { x: 'y' }, false],
    ['x', { x: '' }, true],
    ['!x', { x: '' }, false],
    ['!x', {}, true],
    ['x in (a,b)', { x: 'b' }, true],
    ['x notin (a,b)', { x: 'b' }, false],
    ['x notin (a,b)', {}, true],
    ['x in ()', { x: '' }, true],
    ['x>1', { x: '2' }, true],
    ['x<1', { x: '2' }, false],
    ['x>1', {}, false],
    ['x=y , z in ( a )', { x: 'y', z: 'a' }, true],
    ['x=', { x: '' }, true],
    ['in in (notin)', { in: 'notin' }, true],
    ['constructor', {}, false],
  ])('%s over %j: %s', (text, labels, expected) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(expected);
  });

  it('writes itself in order of keys, values sorted', () => {
    expect(parseLabelSelector('z in (b,a,b),!y,x==1,w').toString()).toBe('w,x==1,!y,z in (a,b)');
  });

  it.each([
    ['x=a||y=b', 'unable to parse requirement: values[0][x]: Invalid value: "a||y"'],
    ['x==a==b', "found '==', expected: ',' or 'end of string'"],
    ['!x=a', "found '=', expected: ',' or 'end of string'"],
    ['x<a', "for 'Gt', 'Lt' operators, the value must be an integer"],
    ['x in', "unable to parse requirement: found '' expected: '('"],
    ['x,', "found '', expected: identifier after ','"],
    ['x y', "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt"],
    ['-x=1', 'unable to parse requirement: <nil>: Invalid value: "-x": name part must consist of'],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
  ])('refuses %s', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
  });

  it('reads and writes the objects’ form', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'a'] }],
    };
    expect(formatLabelSelector(selector)).toBe('app=web,tier in (a,b)');
    expect(selectorFromLabelSelector(selector).matches({ app: 'web', tier: 'a' })).toBe(true);
    expect(selectorFromLabelSelector({}).matches({})).toBe(true);
    expect(selectorFromLabelSelector(undefined).matches({})).toBe(false);
    expect(() => selectorFromLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Like' }] })).toThrow(
      '"Like" is not a valid label selector operator',
    );
  });
});

describe('field selectors', () => {
  it('reads terms and escapes, in order', () => {
    expect(parseFieldSelector('status.phase!=Running,spec.nodeName==a,x=\\,\\=')).toEqual([
      { field: 'spec.nodeName', operator: '=', value: 'a' },
      { field: 'status.phase', operator: '!=', value: 'Running' },
      { field: 'x', operator: '=', value: ',=' },
    ]);
    expect(parseFieldSelector('')).toEqual([]);
  });

  it.each([
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=b=c', 'unescaped character in value: 61'],
    ['a=\\x', 'invalid escape sequence: \\x'],
  ])('refuses %s', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message);
  });
});
