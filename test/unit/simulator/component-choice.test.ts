import { describe, expect, it } from 'vitest';
import type { ComponentDefinition } from '../../../electron/simulator/component';
import { chosenComponents } from '../../../electron/simulator/component-choice';

const component = (name: string): ComponentDefinition => ({
  name,
  user: '',
  create: () => ({ name, start: () => {}, stop: () => {} }),
});
const groups = {
  controllers: [component('job-controller'), component('cronjob-controller')],
  scheduler: [component('kube-scheduler')],
  kubelet: [component('kubelet-one')],
};
const names = (...disabled: string[]) => chosenComponents(groups, disabled).map(({ name }) => name);

describe('the choice of components', () => {
  it('is all of them when nothing is said', () => {
    expect(names()).toEqual(['job-controller', 'cronjob-controller', 'kube-scheduler', 'kubelet-one']);
  });

  it('leaves out groups, and controllers by name', () => {
    expect(names('controllers', 'kubelet')).toEqual(['kube-scheduler']);
    expect(names('job-controller')).toEqual(['cronjob-controller', 'kube-scheduler', 'kubelet-one']);
  });

  it('lists what there is to who names what is not', () => {
    expect(() => names('jobs')).toThrow(
      '--disable: there is no component "jobs": choose from controllers, scheduler, kubelet, job-controller, cronjob-controller',
    );
  });
});
