import { type Stored, stored } from '../ui/stored';

/** The cluster that was looked at last; empty when none was. */
export const lastContext: Stored<string> = stored(
  'last-context',
  '',
  (value): value is string => typeof value === 'string',
);
