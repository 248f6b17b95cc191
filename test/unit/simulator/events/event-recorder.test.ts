import { beforeEach, expect, test } from 'vitest';
import { EventRecorder } from '../../../../electron/simulator/events/event-recorder';
import type { Log } from '../../../../electron/simulator/log';
import type { Event, Pod } from '../../../../shared/kubernetes/objects';
import { events } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

/** Expectations are client-go's (tools/record/events_cache.go, event.go). */

let cluster: TestCluster;
let recorder: EventRecorder;
let errors: string[];

beforeEach(async () => {
  cluster = await testCluster([]);
  errors = [];
  const log: Log = { info: () => {}, error: (message) => errors.push(message) };
  recorder = new EventRecorder(cluster.client, cluster.clock, log, 'kubelet', 'node-1');
  return () => cluster.stop();
});

const pod = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: name },
});

const written = async (): Promise<readonly Event[]> => (await cluster.client.list(events)).items;

const texts = async (): Promise<string[]> =>
  (await written()).map(({ reason, message, count }) => `${reason}: ${message} x${count}`);

test('counts the same event in one object, with the time of the first and of the last', async () => {
  recorder.event(pod('web'), 'Normal', 'Pulled', 'It is there', 'spec.containers{main}');
  await cluster.advance(2_000);
  recorder.event(pod('web'), 'Normal', 'Pulled', 'It is there', 'spec.containers{main}');
  recorder.event(pod('web'), 'Normal', 'Pulled', 'It is there', 'spec.containers{other}');
  await cluster.advance();
  expect(await texts()).toEqual(['Pulled: It is there x2', 'Pulled: It is there x1']);
  const [first, other] = await written();
  expect(Date.parse(first?.lastTimestamp ?? '') - Date.parse(first?.firstTimestamp ?? '')).toBe(2_000);
  expect(other?.firstTimestamp).toBe(first?.lastTimestamp);
});

test('goes on counting in a new object when the old one was deleted', async () => {
  recorder.event(pod('web'), 'Warning', 'BackOff', 'Again');
  await cluster.advance();
  const [first] = await written();
  await cluster.client.delete(events, 'default', first?.metadata.name ?? '');
  recorder.event(pod('web'), 'Warning', 'BackOff', 'Again');
  await cluster.advance();
  expect(await texts()).toEqual(['BackOff: Again x2']);
});

test('combines events that differ in their message only, from the tenth within ten minutes on', async () => {
  for (let index = 1; index <= 12; index++) recorder.event(pod('set'), 'Normal', 'Created', `Created pod: ${index}`);
  await cluster.advance();
  const all = await texts();
  expect(all).toHaveLength(10);
  expect(all.at(-1)).toBe('Created: (combined from similar events): Created pod: 12 x3');

  await cluster.advance(601_000);
  recorder.event(pod('set'), 'Normal', 'Created', 'Created pod: 13');
  await cluster.advance();
  expect(await texts()).toContain('Created: Created pod: 13 x1');
});

test('lets twenty-five events about one object through, then one every five minutes', async () => {
  const all = () =>
    written().then((list) =>
      list.reduce((sum, { involvedObject: { name }, count = 0 }) => sum + (name === 'web' ? count : 0), 0),
    );
  for (let index = 0; index < 40; index++) recorder.event(pod('web'), 'Warning', 'Unhealthy', 'Probe failed');
  recorder.event(pod('web'), 'Normal', 'Killing', 'Another type');
  recorder.event(pod('other'), 'Warning', 'Unhealthy', 'Probe failed');
  await cluster.advance();
  expect(await all()).toBe(25 + 1);
  expect(await texts()).toContain('Unhealthy: Probe failed x1');

  await cluster.advance(300_000);
  for (let index = 0; index < 3; index++) recorder.event(pod('web'), 'Warning', 'Unhealthy', 'Probe failed');
  await cluster.advance();
  // What was not written has been counted all the same.
  expect(await texts()).toContain('Unhealthy: Probe failed x41');
});

test('drops what is too much to wait, and says how much', async () => {
  for (let index = 0; index < 2_100; index++) recorder.event(pod(`web-${index}`), 'Normal', 'Started', 'Started');
  await cluster.advance();
  expect(await written()).toHaveLength(2_001);
  expect(errors).toEqual(['kubelet: too many queued events, dropped 99']);
});
