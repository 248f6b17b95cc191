import { type FileSystem, resolvePath } from '../runtime/file-system';
import { LineInput, nullOutput, type Output, textInput } from '../runtime/streams';
import type { Streams } from './control';
import type { Redirection } from './syntax';

/**
 * The streams as a redirection leaves them.
 * @param target the word behind the operator, expanded.
 * @throws FileSystemError
 */
export function redirected(
  streams: Streams,
  { descriptor, operator }: Redirection,
  target: string,
  cwd: string,
  files: FileSystem,
): Streams {
  if (operator === '<<') return { ...streams, stdin: new LineInput(textInput(target)) };
  if (operator === '<') return { ...streams, stdin: new LineInput(textInput(files.read(resolvePath(cwd, target)))) };
  const output =
    operator === '>&' ? duplicated(streams, target) : opened(streams, operator, resolvePath(cwd, target), files);
  return descriptor === 2 ? { ...streams, stderr: output } : { ...streams, stdout: output };
}

function duplicated(streams: Streams, target: string): Output {
  if (target === '-') return nullOutput;
  return target === '2' ? streams.stderr : streams.stdout;
}

function opened(streams: Streams, operator: '>' | '>>', path: string, files: FileSystem): Output {
  if (path === '/dev/stdout') return streams.stdout;
  if (path === '/dev/stderr') return streams.stderr;
  files.write(path, '', operator === '>>');
  return { write: (text) => files.write(path, text, true) };
}
