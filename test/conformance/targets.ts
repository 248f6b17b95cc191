import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { AuditSink } from '../../electron/simulator/apiserver/audit/trail';
import {
  forApiServer,
  type TokenAuthenticator,
} from '../../electron/simulator/apiserver/authentication/token-authenticator';
import { clusterCertificates } from '../../electron/simulator/certificates';
import type { UserInfo } from '../../electron/simulator/client';
import { parseCommandLine } from '../../electron/simulator/command-line';
import { startApi } from '../support/in-process-api';
import type { Target } from './player';

/** Who can be named by a step's `as`; the same people are known to the recorded server by `upstream/tokens.csv`. */
const PEOPLE: Readonly<Record<string, UserInfo>> = {
  admin: { name: 'admin', groups: ['system:masters', 'system:authenticated'] },
  alice: { name: 'alice', uid: 'uid-alice', groups: ['dev', 'qa', 'system:authenticated'] },
};

/**
 * Our API server in this process: no controllers, no nodes, on a clock that stands still.
 * @param audit is told of every request.
 * @param flags of kube-apiserver.
 */
export async function ours({ audit, flags = [] }: { audit?: AuditSink; flags?: readonly string[] } = {}): Promise<{
  target: Target;
  stop(): Promise<void>;
}> {
  const people: TokenAuthenticator = {
    method: 'token file',
    async authenticate(token, audiences) {
      const user = PEOPLE[/^(\w+)-token$/.exec(token)?.[1] ?? ''];
      return user && forApiServer(user, audiences);
    },
  };
  const options = parseCommandLine(flags);
  const settings = options === 'help' ? {} : (options.apiServer ?? {});
  const api = await startApi({ people: [people], settings, ...(audit && { audit }) });
  const { server, ca } = await clusterCertificates(undefined);
  const tls = { key: server.key, cert: server.certificate, ca: ca.certificate };
  const { port } = await api.server.listen({ port: 0, host: '127.0.0.1', tls });
  const target: Target = {
    url: `https://127.0.0.1:${port}`,
    identity: (user): Record<string, string> => (user === 'anonymous' ? {} : { authorization: `Bearer ${user}-token` }),
    tls: {},
  };
  return { target, stop: () => api.stop() };
}

interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
  users: { user: { 'client-certificate': string; 'client-key': string } }[];
}

/** A real kube-apiserver: the first cluster and user of a kubeconfig whose user has certificate files. */
export function upstream(kubeconfig: string): Target {
  const { clusters, users }: Kubeconfig = parse(readFileSync(kubeconfig, 'utf8'));
  const read = (path: string | undefined) => readFileSync(resolve(dirname(kubeconfig), path ?? ''), 'utf8');
  const user = users[0]?.user;
  return {
    url: clusters[0]?.cluster.server ?? '',
    identity: (name): Record<string, string> =>
      name === 'admin' || name === 'anonymous' ? {} : { authorization: `Bearer ${name}-token` },
    tls: { cert: read(user?.['client-certificate']), key: read(user?.['client-key']) },
  };
}
