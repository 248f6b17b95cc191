import { afterEach, expect, test } from 'vitest';
import { Connection } from '../../../electron/clusters/connection/connection';
import type { ConnectionState } from '../../../shared/contract/connection';
import { ListWatchServer, type ListWatchServerOptions, sendStatus } from '../../support/list-watch-server';
import { noBackoff } from './support';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function server(options: ListWatchServerOptions = {}): Promise<ListWatchServer> {
  const started = await ListWatchServer.start(options);
  cleanups.push(() => started.close());
  return started;
}

function connect(load: () => ReturnType<ListWatchServer['kubeConfig']>, answerTimeout?: number): Connection {
  const connection = new Connection(load, {
    backoff: noBackoff,
    ...(answerTimeout === undefined ? {} : { answerTimeout }),
  });
  cleanups.push(() => connection.close());
  connection.check();
  return connection;
}

/** The first state of this name, now or later. */
function reaches<Name extends ConnectionState['state']>(
  connection: Connection,
  name: Name,
): Promise<Extract<ConnectionState, { state: Name }>> {
  return new Promise((resolve) => {
    const look = () => {
      const state = connection.state.value;
      if (state.state === name) resolve(state as Extract<ConnectionState, { state: Name }>);
    };
    connection.state.subscribe(look);
    look();
  });
}

test('connects with the version and the address', async () => {
  const cluster = await server();
  const connection = connect(() => cluster.kubeConfig());
  expect(connection.state.value).toEqual({ state: 'connecting' });
  expect(await reaches(connection, 'connected')).toEqual({
    state: 'connected',
    version: 'v1.35.2',
    server: `https://127.0.0.1:${cluster.port}/`,
  });
});

test('talks plain HTTP where the kubeconfig says so', async () => {
  const cluster = await server({ plain: true });
  expect(
    await reaches(
      connect(() => cluster.kubeConfig()),
      'connected',
    ),
  ).toMatchObject({ version: 'v1.35.2' });
});

test('names a certificate that nobody vouches for', async () => {
  const cluster = await server();
  const { message } = await reaches(
    connect(() => cluster.kubeConfig({ trust: false })),
    'untrusted',
  );
  expect(message).toBe(
    `127.0.0.1:${cluster.port}: its certificate is signed by itself and the kubeconfig does not trust it (DEPTH_ZERO_SELF_SIGNED_CERT)`,
  );
});

test('names the address that a certificate is for, when it is another', async () => {
  const cluster = await server({ certifies: 'kubernetes.example' });
  const { message } = await reaches(
    connect(() => cluster.kubeConfig()),
    'untrusted',
  );
  expect(message).toContain('its certificate is for another address');
  expect(message).toContain('kubernetes.example');
});

test('waits for a person where the credentials are not accepted, then uses the new ones', async () => {
  const cluster = await server();
  let token = 'old';
  cluster.override = (_url, request, response) => {
    if (request.headers.authorization === 'Bearer new') return false;
    sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
    return true;
  };
  const connection = connect(() => cluster.kubeConfig({ token }));
  const { message } = await reaches(connection, 'unauthorized');
  expect(message).toBe(`127.0.0.1:${cluster.port} does not accept the credentials: Unauthorized`);
  token = 'new';
  connection.reload();
  await reaches(connection, 'connected');
});

test('says what is wrong with a kubeconfig that cannot be used', async () => {
  const connection = connect(() => {
    throw new Error('user "ann" is not defined');
  });
  expect(await reaches(connection, 'unauthorized')).toMatchObject({ message: 'user "ann" is not defined' });
});

test('says who does not answer and why, and when it tries again', async () => {
  const cluster = await server();
  const { port } = cluster;
  const config = cluster.kubeConfig();
  await cluster.suspend();
  const connection = connect(() => config);
  const state = await reaches(connection, 'unreachable');
  expect(state.message).toBe(`127.0.0.1:${port}: nothing listens there (connection refused)`);
  expect(state.nextTry).toBeGreaterThan(0);
  await cluster.resume();
  await reaches(connection, 'connected');
});

test('does not wait for ever for a server that says nothing', async () => {
  const cluster = await server();
  cluster.override = () => true;
  const connection = connect(() => cluster.kubeConfig(), 20);
  expect((await reaches(connection, 'unreachable')).message).toContain('no answer within');
});

test('a user who may not read the version is connected all the same', async () => {
  const cluster = await server();
  cluster.override = (_url, _request, response) => {
    sendStatus(response, 403, 'Forbidden', 'forbidden');
    return true;
  };
  expect(
    await reaches(
      connect(() => cluster.kubeConfig()),
      'connected',
    ),
  ).toMatchObject({ version: '' });
});

test('never says a token', async () => {
  const cluster = await server();
  cluster.override = (_url, _request, response) => {
    sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
    return true;
  };
  const state = await reaches(
    connect(() => cluster.kubeConfig({ token: 'hunter2' })),
    'unauthorized',
  );
  expect(JSON.stringify(state)).not.toContain('hunter2');
});
