import { isUtf8 } from 'node:buffer';
import { ORPCError } from '@orpc/server';
import type { Secret } from '../../../shared/kubernetes/objects';
import { secrets } from '../../../shared/kubernetes/resources';
import { StatusError } from '../../../shared/kubernetes/status-error';
import type { Connection } from '../connection/connection';
import { objectPath } from '../watches/paths';

/**
 * One value of a Secret, read anew from the cluster: values are kept nowhere.
 *
 * @throws ORPCError NOT_FOUND, FORBIDDEN or BAD_GATEWAY with the cluster's message.
 */
export async function revealSecret(
  connection: Connection,
  { namespace, name, key }: { namespace: string; name: string; key: string },
): Promise<{ value: string; encoding: 'text' | 'base64' }> {
  let secret: Secret;
  try {
    secret = await connection.requests.getJson<Secret>(objectPath(secrets, namespace, name));
  } catch (error) {
    connection.doubt(error);
    if (!(error instanceof StatusError)) throw new ORPCError('BAD_GATEWAY', { message: String(error) });
    const code = error.code === 404 ? 'NOT_FOUND' : error.code === 403 ? 'FORBIDDEN' : 'BAD_GATEWAY';
    throw new ORPCError(code, { message: error.message });
  }
  const value = secret.data?.[key];
  if (value === undefined) throw new ORPCError('NOT_FOUND', { message: `secret "${name}" has no key "${key}"` });
  const bytes = Buffer.from(value, 'base64');
  return isUtf8(bytes) ? { value: bytes.toString('utf8'), encoding: 'text' } : { value, encoding: 'base64' };
}
