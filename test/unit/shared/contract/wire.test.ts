import { expect, test } from 'vitest';
import { isBridgeMessage, type Transport, Wire } from '../../../../shared/contract/wire';

/** Two transports that lead to each other, delivering at once. */
function pair(): [Transport & { sent: string[] }, Transport & { sent: string[] }] {
  const end = () => {
    const state: { onMessage?: (message: string) => void; onClose?: () => void } = {};
    const sent: string[] = [];
    return { state, sent };
  };
  const [a, b] = [end(), end()];
  const transport = (own: typeof a, far: typeof a) => ({
    sent: own.sent,
    send: (message: string) => {
      own.sent.push(message);
      far.state.onMessage?.(message);
    },
    listen: (onMessage: (message: string) => void, onClose: () => void) =>
      Object.assign(own.state, { onMessage, onClose }),
    close: () => far.state.onClose?.(),
  });
  return [transport(a, b), transport(b, a)];
}

const fail = (error: unknown) => {
  throw error;
};

test('carries messages in order', async () => {
  const [a, b] = pair();
  const sender = new Wire(a, fail);
  const got: unknown[] = [];
  new Wire(b, fail).on('message', (event) => got.push(event?.data));
  for (const text of ['{1}', '{2}', '{3}']) sender.postMessage(text);
  await Promise.resolve();
  expect(got).toEqual(['{1}', '{2}', '{3}']);
});

test('there is room while the far end keeps up', async () => {
  const [a, b] = pair();
  const sender = new Wire(a, fail);
  new Wire(b, fail);
  for (let count = 0; count < 1000; count += 1) {
    await sender.room();
    sender.postMessage('{}');
  }
  expect(a.sent.filter((message) => message === '{}')).toHaveLength(1000);
  expect(b.sent.at(-1)).toBe('+1000');
});

test('there is none once the far end has stopped, until it goes on or goes away', async () => {
  const [a, b] = pair();
  const sender = new Wire(a, fail);
  let sent = 0;
  const sending = (async () => {
    for (; sent < 1000; sent += 1) {
      await sender.room();
      sender.postMessage('{}');
    }
  })();
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBe(32);
  b.send('+32');
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBe(64);
  b.close();
  await sending;
  expect(a.sent).toHaveLength(64);
});

test('says once that it is closed, also to who listens later', () => {
  const [a, b] = pair();
  const wire = new Wire(a, fail);
  let told = 0;
  wire.on('close', () => {
    told += 1;
  });
  b.close();
  b.close();
  wire.on('close', () => {
    told += 10;
  });
  expect(told).toBe(11);
  wire.postMessage('{}');
  expect(a.sent).toEqual([]);
});

test('a message that its reader cannot read is reported, not thrown', async () => {
  const [a, b] = pair();
  const errors: unknown[] = [];
  new Wire(a, (error) => errors.push(error)).on('message', async () => {
    throw new Error('not of the protocol');
  });
  b.send('nonsense');
  await new Promise((resolve) => setImmediate(resolve));
  expect(errors).toEqual([new Error('not of the protocol')]);
});

test.each([
  [{ porthole: 'ready' }, true],
  [{ porthole: 'port', name: 'app' }, true],
  [{ porthole: 'closed', name: 'app' }, true],
  [{ porthole: 'port' }, false],
  [{ porthole: 'other', name: 'app' }, false],
  ['ready', false],
  [null, false],
])('%j is a message of the bridge: %s', (message, expected) => {
  expect(isBridgeMessage(message)).toBe(expected);
});
