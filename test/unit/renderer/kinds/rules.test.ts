import { describe, expect, it } from 'vitest';
import { ruleText, verbsText } from '../../../../renderer/kinds/access/rules';

describe('a rule in words', () => {
  it.each([
    [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: [] }, 'pods and pods/log'],
    [{ apiGroups: ['apps', 'batch'], resources: ['*'], verbs: [] }, 'everything in apps and batch'],
    [{ apiGroups: ['*'], resources: ['*'], verbs: [] }, 'everything in all groups'],
    [{ apiGroups: ['', 'apps'], resources: ['events'], verbs: [] }, 'events in the core group and apps'],
    [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['a', 'b'], verbs: [] }, 'secrets named “a” or “b”'],
    [{ nonResourceURLs: ['/healthz', '*'], verbs: [] }, '/healthz, all URLs'],
  ])('%j is %s', (rule, text) => expect(ruleText(rule)).toBe(text));

  it('names its verbs', () => {
    expect(verbsText(['get', 'list'])).toBe('get, list');
    expect(verbsText(['*'])).toBe('do anything with');
  });
});
