import { z } from 'zod';
import type { Row } from '../kinds/kind';

/** What a table asks for: one kind, in all namespaces or some. */
export const rowsQuery = z.object({
  /** A kind id from `shared/kinds`. */
  kind: z.string().min(1).max(200),
  /** Absent: all. */
  namespaces: z.array(z.string().min(1).max(253)).min(1).max(100).optional(),
});
export type RowsQuery = z.infer<typeof rowsQuery>;

/** Why a stream of rows is not live. */
export type RowsProblem =
  | { readonly type: 'forbidden'; readonly message: string }
  /** The cluster does not serve this kind. */
  | { readonly type: 'missing'; readonly message: string }
  /** The connection is gone; rows are as of `since` (milliseconds since the epoch). It reconnects by itself. */
  | { readonly type: 'disconnected'; readonly message: string; readonly since: number }
  | { readonly type: 'error'; readonly message: string };

/**
 * A stream of rows: `reset`, then `rows` in batches until `synced`, then changes as they come. After a gap that a watch
 * could not bridge it begins again with `reset`; the table keeps what it shows until `synced`.
 */
export type RowsEvent =
  | { readonly type: 'reset' }
  | { readonly type: 'rows'; readonly changed: readonly Row[]; readonly removed: readonly string[] }
  /** `only`: all namespaces were asked for, these alone may be read. */
  | { readonly type: 'synced'; readonly at: number; readonly only?: readonly string[] }
  | { readonly type: 'problem'; readonly problem: RowsProblem };
