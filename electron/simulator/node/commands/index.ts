import { programsIn } from '../images/image';
import type { Program } from '../runtime/process';
import { fileCommands } from './files';
import { sh } from './sh';
import { systemCommands } from './system';
import { tar } from './tar';
import { textCommands } from './text';

const common: Readonly<Record<string, Program>> = {
  ...fileCommands,
  ...textCommands,
  ...systemCommands,
  tar,
};

/** What busybox and Alpine have in `/bin`. */
export const busyboxPrograms = programsIn('/bin', { ...common, ash: sh });

/** What Debian and its like have in `/usr/bin`, with the shells at their old places too. */
export const debianPrograms = {
  ...programsIn('/usr/bin', { ...common, bash: sh, dash: sh }),
  ...programsIn('/bin', { ...common, bash: sh, dash: sh }),
};
