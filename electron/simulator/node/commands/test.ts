import { type FileSystem, resolvePath } from '../runtime/file-system';

/** The `test` command's expression. */
export function evaluateTest(args: readonly string[], files: FileSystem, cwd: string): boolean {
  let at = 0;
  const or = (): boolean => {
    let value = and();
    while (args[at] === '-o') {
      at++;
      value = and() || value;
    }
    return value;
  };
  const and = (): boolean => {
    let value = not();
    while (args[at] === '-a') {
      at++;
      value = not() && value;
    }
    return value;
  };
  const not = (): boolean => {
    if (args[at] !== '!') return primary();
    at++;
    return !not();
  };
  const primary = (): boolean => {
    const [first, second, third] = [args[at], args[at + 1], args[at + 2]];
    if (first === undefined) return false;
    if (second !== undefined && third !== undefined && isBinary(second)) {
      at += 3;
      return compare(first, second, third);
    }
    if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
      at += 2;
      return unary(first, second);
    }
    at++;
    return first !== '';
  };
  const unary = (operator: string, operand: string): boolean => {
    if (operator === '-z') return operand === '';
    if (operator === '-n') return operand !== '';
    const node = files.lookup(resolvePath(cwd, operand));
    switch (operator) {
      case '-f':
        return node?.type === 'file';
      case '-d':
        return node?.type === 'directory';
      case '-s':
        return node?.type === 'directory' || (node !== undefined && node.content !== '');
      case '-x':
        return node !== undefined && (node.mode & 0o111) !== 0;
      case '-L':
      case '-h':
        return false;
      default:
        return node !== undefined;
    }
  };
  return or();
}

function isBinary(operator: string): boolean {
  return ['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge'].includes(operator);
}

function compare(left: string, operator: string, right: string): boolean {
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-eq':
      return Number(left) === Number(right);
    case '-ne':
      return Number(left) !== Number(right);
    case '-lt':
      return Number(left) < Number(right);
    case '-le':
      return Number(left) <= Number(right);
    case '-gt':
      return Number(left) > Number(right);
    default:
      return Number(left) >= Number(right);
  }
}
