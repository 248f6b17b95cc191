import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../../renderer/table/filter';
import { podRow } from './rows';

const web = podRow('web-7d9f', { status: 'Running', node: 'worker-1' }, { labels: ['app=web', 'tier=front'] });
const db = podRow('db-0', { status: 'Pending' }, { namespace: 'storage', labels: ['app=db', 'empty='] });

function passing(text: string): string[] {
  return [web, db].filter((row) => parseFilter(text).matches(row)).map((row) => row.name);
}

describe('a filter', () => {
  it.each([
    ['', ['web-7d9f', 'db-0']],
    ['WEB', ['web-7d9f']],
    ['storage', ['db-0']],
    ['running worker-1', ['web-7d9f']],
    ['running storage', []],
    ['!web', ['db-0']],
    ['!', ['web-7d9f', 'db-0']],
    ['-l app=web', ['web-7d9f']],
    ['-l app in (web, db),!tier', ['db-0']],
    ['-l empty', ['db-0']],
    ['-l', ['web-7d9f', 'db-0']],
    ['-f w9', ['web-7d9f']],
    ['-f 9w', []],
    ['-label', []],
  ])('"%s" passes %j', (text, expected) => {
    expect(passing(text)).toEqual(expected);
  });

  it('names what is wrong with a label selector', () => {
    expect(parseFilter('-l app in').problem).toBeDefined();
    expect(parseFilter('-l app=web').problem).toBeUndefined();
  });
});
