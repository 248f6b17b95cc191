import type { Resource } from '../../../../shared/kubernetes/resources';
import { badRequest } from '../status-errors';
import type { Exchange } from './exchange';
import type { FieldValidation } from './write-options';

/**
 * Tells of the fields that a kind does not have and of those that stand twice, as the `fieldValidation` parameter asks.
 * @throws StatusError 400 under Strict.
 */
export function tellProblems(
  exchange: Exchange,
  { kind, version }: Pick<Resource, 'kind' | 'version'>,
  problems: readonly string[],
  mode: FieldValidation,
): void {
  if (problems.length === 0 || mode === 'Ignore') return;
  if (mode === 'Warn') warnOf(exchange, problems);
  else {
    throw badRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${strictDecodingError(problems)}`,
    );
  }
}

/** What a YAML text has twice, as one problem in go-yaml's words. */
export function yamlProblem(repeated: readonly string[]): string {
  return `${YAML_PREFIX}\n${repeated.map((line) => `  ${line}`).join('\n')}`;
}

const YAML_PREFIX = 'yaml: unmarshal errors:';

/** A warning has one line only: what YAML has twice is told line by line (handlers/rest.go parseYAMLWarnings). */
export function warnOf(exchange: Exchange, problems: readonly string[]): void {
  for (const problem of problems) {
    const [first = '', ...lines] = problem.split('\n');
    if (!first.endsWith(YAML_PREFIX)) exchange.warn(problem);
    else for (const line of lines) exchange.warn(line.trim());
  }
}

/** Strict decoding's refusal in one line (runtime.NewStrictDecodingError). */
export function strictDecodingError(problems: readonly string[]): string {
  return `strict decoding error: ${problems.join(', ')}`;
}
