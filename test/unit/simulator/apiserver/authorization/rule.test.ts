import { describe, expect, it } from 'vitest';
import { type PolicyRule, ruleAllows } from '../../../../../electron/simulator/apiserver/authorization/rule';
import type { RequestAttributes } from '../../../../../electron/simulator/apiserver/request';

const request = (over: Partial<RequestAttributes>): RequestAttributes => ({
  user: { name: 'jane', groups: [] },
  verb: 'get',
  isResource: true,
  path: '',
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: '',
  namespace: 'default',
  name: 'nginx',
  ...over,
});

const pods: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };

describe('ruleAllows', () => {
  it.each<[string, PolicyRule, Partial<RequestAttributes>, boolean]>([
    ['its own verb', pods, {}, true],
    ['no other verb', pods, { verb: 'delete' }, false],
    ['no other group', pods, { group: 'apps' }, false],
    ['no subresource', pods, { subresource: 'log' }, false],
    ['a subresource that is named', { ...pods, resources: ['pods/log'] }, { subresource: 'log' }, true],
    ['not the resource of a subresource that is named', { ...pods, resources: ['pods/log'] }, {}, false],
    ['a subresource of everything', { ...pods, resources: ['*/scale'] }, { subresource: 'scale' }, true],
    ['nothing else of everything', { ...pods, resources: ['*/scale'] }, { subresource: 'status' }, false],
    ['every resource', { ...pods, resources: ['*'] }, { resource: 'secrets', subresource: 'x' }, true],
    ['every verb', { ...pods, verbs: ['*'] }, { verb: 'escalate' }, true],
    ['every group', { ...pods, apiGroups: ['*'] }, { group: 'apps' }, true],
    ['a name that is listed', { ...pods, resourceNames: ['nginx'] }, {}, true],
    ['no other name', { ...pods, resourceNames: ['nginx'] }, { name: 'redis' }, false],
    ['no list without a name', { ...pods, resourceNames: ['nginx'] }, { verb: 'list', name: '' }, false],
    ['a list of one name', { ...pods, resourceNames: ['nginx'] }, { verb: 'list' }, true],
    ['no path, when it is about resources', { ...pods, verbs: ['*'] }, { isResource: false, path: '/healthz' }, false],
  ])('allows %s', (_name, rule, over, allowed) => {
    expect(ruleAllows(rule, request(over))).toBe(allowed);
  });

  it.each([
    ['/healthz', '/healthz', true],
    ['/healthz', '/healthz/etcd', false],
    ['/healthz/*', '/healthz/etcd', true],
    ['/healthz/*', '/healthz', false],
    ['*', '/anything', true],
    ['/a*b', '/axb', false],
  ])('matches %s with %s: %s', (pattern, path, allowed) => {
    const rule: PolicyRule = { verbs: ['get'], nonResourceURLs: [pattern] };
    expect(ruleAllows(rule, request({ isResource: false, path }))).toBe(allowed);
  });
});
