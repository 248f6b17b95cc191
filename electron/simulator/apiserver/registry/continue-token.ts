import { JsonSyntaxError, membersOf, NumberLiteral, readJson } from '../encoding/json-reader';
import { isRecord } from '../json';
import { jsonType } from '../schema';
import { badRequest } from '../status-errors';

/** Where the rest of a list begins (apiserver/pkg/storage/continue.go). */
export interface ContinueToken {
  /** The list's version; -1: the latest, whatever has changed since. */
  readonly rv: number;
  /** The first key that is left, below the list's own prefix. */
  readonly start: string;
}

const VERSION = 'meta.k8s.io/v1';

/** The token as clients have it. */
export function encodeContinue({ rv, start }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: VERSION, rv, start })).toString('base64url');
}

/** @throws StatusError 400. */
export function decodeContinue(text: string): ContinueToken {
  const { v, rv, start } = readFields(decodeBase64(text));
  if (v !== VERSION) throw notValid(`server does not recognize this encoded version ${v}`);
  if (rv === 0) throw notValid(`incorrect encoded start resourceVersion (version ${VERSION})`);
  if (start === '') throw notValid(`encoded start key empty (version ${VERSION})`);
  const key = start.startsWith('/') ? start.slice(1) : start;
  // No way leads out of the list.
  const isClean = key === '' || key.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isClean) throw notValid(start);
  return { rv, start: key };
}

function notValid(why: string) {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}

/** Go's RawURLEncoding: no padding, and nothing but its own characters. */
function decodeBase64(text: string): string {
  const odd = /[^\w\r\n-]/.exec(text)?.index;
  const { length } = text.replace(/[\r\n]/g, '');
  const stray = odd ?? (length % 4 === 1 ? text.length - 1 : undefined);
  if (stray !== undefined) throw notValid(`illegal base64 data at input byte ${stray}`);
  return Buffer.from(text, 'base64url').toString();
}

/** As encoding/json fills a struct: names in any case, null is nothing. */
function readFields(json: string): { v: string; rv: number; start: string } {
  const fields = { v: '', rv: 0, start: '' };
  let value: unknown;
  try {
    value = readJson(json, true);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw notValid(error.message);
    throw error;
  }
  if (value === null) return fields;
  if (!isRecord(value)) {
    throw notValid(`json: cannot unmarshal ${jsonType(value)} into Go value of type storage.continueToken`);
  }
  for (const [name, child] of membersOf(value)) {
    if (child === null) continue;
    const field = name.toLowerCase();
    if (field === 'v' || field === 'start') {
      if (typeof child !== 'string') throw mismatch(jsonType(child), field, 'string');
      fields[field] = child;
    } else if (field === 'rv') {
      if (child instanceof NumberLiteral) throw mismatch(`number ${child.text}`, field, 'int64');
      if (typeof child !== 'number' && typeof child !== 'bigint') throw mismatch(jsonType(child), field, 'int64');
      fields.rv = Number(child);
    }
  }
  return fields;
}

function mismatch(found: string, field: string, type: string) {
  return notValid(`json: cannot unmarshal ${found} into Go struct field continueToken.${field} of type ${type}`);
}
