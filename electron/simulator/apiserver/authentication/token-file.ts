import { readFileSync } from 'node:fs';
import { messageOf } from '../../../../shared/error-message';
import type { UserInfo } from '../../client';
import type { Log } from '../../log';
import { csvRecords } from './csv';
import { forApiServer, type TokenAuthenticator } from './token-authenticator';
import { withAuthenticated } from './users';

/**
 * `--token-auth-file`: a CSV file with the columns token, user name, user uid and, if there are any, groups in quotes with
 * commas between (apiserver/pkg/authentication/token/tokenfile).
 * @param log hears of records that are left out.
 * @throws Error that names the file and what is wrong with it.
 */
export function tokenFile(path: string, log: Log): TokenAuthenticator {
  const users = new Map<string, UserInfo>();
  for (const [index, record] of readRecords(path).entries()) {
    const [token = '', name = '', uid = '', groups] = record;
    if (record.length < 3) {
      throw new Error(
        `token file '${path}' must have at least 3 columns (token, user name, user uid), found ${record.length}`,
      );
    }
    const where = `token file '${path}', record number '${index + 1}'`;
    if (token === '') {
      log.info(`empty token has been found in ${where}`);
      continue;
    }
    if (users.has(token)) log.info(`duplicate token has been found in ${where}`);
    users.set(token, {
      name,
      ...(uid === '' ? {} : { uid }),
      groups: withAuthenticated(groups === undefined ? [] : groups.split(',')),
    });
  }
  return {
    method: 'token file',
    async authenticate(token, audiences) {
      const user = users.get(token);
      return user === undefined ? undefined : forApiServer(user, audiences);
    },
  };
}

function readRecords(path: string): string[][] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`the token file cannot be read: ${messageOf(error)}`, { cause: error });
  }
  try {
    return csvRecords(text);
  } catch (error) {
    throw new Error(`token file '${path}': ${messageOf(error)}`, { cause: error });
  }
}
