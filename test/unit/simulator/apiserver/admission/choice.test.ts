import { expect, it } from 'vitest';
import { admissionPlugins } from '../../../../../electron/simulator/apiserver/admission';
import { ClusterAuthorizer } from '../../../../../electron/simulator/apiserver/authorization';
import { Random } from '../../../../../electron/simulator/random';

const choose = (choice: Parameters<typeof admissionPlugins>[3]) =>
  admissionPlugins(new Random(1), new ClusterAuthorizer(), () => undefined, choice);

it('switches plugins off by name', () => {
  expect(choose({ disable: ['LimitRanger'] })).toHaveLength(choose({}).length - 1);
  expect(choose({ enable: ['LimitRanger'] })).toHaveLength(choose({}).length);
});

it('refuses names that nobody knows, and contradictions', () => {
  expect(() => choose({ enable: ['Foo'] })).toThrow('enable-admission-plugins plugin "Foo" is unknown');
  expect(() => choose({ disable: ['Foo'] })).toThrow('disable-admission-plugins plugin "Foo" is unknown');
  expect(() => choose({ enable: ['Priority', 'LimitRanger'], disable: ['LimitRanger', 'Priority'] })).toThrow(
    '[LimitRanger Priority] in enable-admission-plugins and disable-admission-plugins overlapped',
  );
});
