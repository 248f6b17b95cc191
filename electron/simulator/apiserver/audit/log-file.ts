import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync, statSync, type WriteStream } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { messageOf } from '../../../../shared/error-message';
import { hasCode } from '../../../error-code';
import { SystemClock } from '../../clock';
import type { Log } from '../../log';
import type { AuditEvent } from './event';
import type { AuditSink } from './trail';

export interface AuditLogOptions {
  /** A file, or `-` for the standard output. */
  readonly path: string;
  /** Megabytes after which the file is put aside under a name with the time in it (`--audit-log-maxsize`). */
  readonly maxSize: number;
  /** How many of those are kept (`--audit-log-maxbackup`). */
  readonly maxBackup: number;
}

const MEGABYTE = 1024 * 1024;
/** Bytes that wait for a slow disk before events are left out rather than held. */
const MOST_WAITING = 16 * MEGABYTE;
/** How many lines wait while a file is put aside. */
const MOST_HELD = 10_000;

/**
 * Writes audit events as lines of JSON, as `--audit-log-format=json` (apiserver/plugin/pkg/audit/log).
 * @throws Error when the file cannot be written.
 */
export function auditLogFile(options: AuditLogOptions, log: Log): AuditSink {
  if (options.path === '-')
    return { write: (event) => process.stdout.write(lineOf(event)), close: () => Promise.resolve() };
  return new AuditLogFile(options, log);
}

function lineOf(event: AuditEvent): string {
  return `${JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...event })}\n`;
}

class AuditLogFile implements AuditSink {
  readonly #options: AuditLogOptions;
  readonly #log: Log;
  /** File names bear the host's time: the files are the host's. */
  readonly #clock = new SystemClock();
  #stream: WriteStream;
  #size: number;
  #isFull = false;
  /** Lines that wait for the file to be put aside; `undefined` while it is not being. */
  #held: string[] | undefined;
  #aside: Promise<void> = Promise.resolve();

  constructor(options: AuditLogOptions, log: Log) {
    this.#options = options;
    this.#log = log;
    mkdirSync(dirname(options.path), { recursive: true });
    this.#size = sizeOf(options.path);
    this.#stream = this.#open();
  }

  write(event: AuditEvent): void {
    if (this.#stream.writableLength > MOST_WAITING || (this.#held?.length ?? 0) > MOST_HELD) {
      if (!this.#isFull) this.#log.error('the audit log cannot be written fast enough: events are left out');
      this.#isFull = true;
      return;
    }
    this.#isFull = false;
    this.#writeLine(lineOf(event));
  }

  async close(): Promise<void> {
    await this.#aside;
    await new Promise<void>((resolve) => this.#stream.end(() => resolve()));
  }

  #writeLine(line: string): void {
    if (this.#held !== undefined) {
      this.#held.push(line);
      return;
    }
    if (this.#size > 0 && this.#size + line.length > this.#options.maxSize * MEGABYTE) {
      this.#held = [line];
      this.#aside = this.#putAside();
      return;
    }
    this.#size += line.length;
    this.#stream.write(line);
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.#options.path, { flags: 'a', mode: 0o600 });
    stream.on('error', (error) => this.#log.error(`the audit log ${this.#options.path}`, error));
    return stream;
  }

  /** Under a name as lumberjack gives, which upstream uses: `audit-2026-01-01T00-00-00.000.log`. */
  async #putAside(): Promise<void> {
    const { path, maxBackup } = this.#options;
    // An open file cannot be renamed everywhere.
    await new Promise<void>((resolve) => this.#stream.end(() => resolve()));
    const extension = extname(path);
    const stem = basename(path, extension);
    const time = new Date(this.#clock.now()).toISOString().replaceAll(':', '-').replace('Z', '');
    try {
      renameSync(path, join(dirname(path), `${stem}-${time}${extension}`));
      const old = readdirSync(dirname(path)).filter((name) => isBackup(name, stem, extension));
      for (const name of old.sort().slice(0, Math.max(0, old.length - maxBackup))) rmSync(join(dirname(path), name));
    } catch (error) {
      this.#log.error(`the audit log ${path} could not be put aside: ${messageOf(error)}`);
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#size = 0;
    this.#stream = this.#open();
    // What has waited is written even where it is more than the file should have: it is little.
    for (const line of held) {
      this.#size += line.length;
      this.#stream.write(line);
    }
  }
}

function isBackup(name: string, stem: string, extension: string): boolean {
  if (!name.startsWith(`${stem}-`) || !name.endsWith(extension)) return false;
  return /^\d{4}-\d\d-\d\dT[\d.-]+$/.test(name.slice(stem.length + 1, name.length - extension.length));
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
