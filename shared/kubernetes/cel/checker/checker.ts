import type { CelFunction, Overload } from '../functions';
import type { Issue } from '../source';
import type { Call, Comprehension, Expr, List, MapLiteral, Select, Struct } from '../syntax/ast';
import {
  BOOL,
  type CelType,
  DYN,
  ERROR,
  formatType,
  INT,
  isDyn,
  isOptional,
  isSame,
  listOf,
  mapOf,
  optionalOf,
  parameter,
  typeParam,
} from '../types';
import { typeOfValue } from '../values/value';
import { assign, moreGeneral, type Substitutions, substitute } from './unification';

/** The types of a struct's fields by their names. */
export type FieldTypes = Pick<ReadonlyMap<string, CelType>, 'get'>;

/** What an expression may name. */
export interface Declarations {
  readonly functions: ReadonlyMap<string, CelFunction>;
  /** The type of a variable, or of a type as a value: by its name, dots included. */
  variable(name: string): CelType | undefined;
  /** The fields of a struct type; `undefined` when there is no such type. */
  fieldsOf(type: string): FieldTypes | undefined;
}

/** What checking finds out besides errors. */
export interface Checked {
  readonly types: ReadonlyMap<Expr, CelType>;
  /** The overloads that may be meant by a call. */
  readonly overloads: ReadonlyMap<Expr, readonly Overload[]>;
  /** Selections and identifiers that are variables with dots in their names, and calls of functions with such names. */
  readonly names: ReadonlyMap<Expr, string>;
}

/** Checks an expression's types (cel-go's `checker.Check`). The facts are only of use when there are no issues. */
export function check(expr: Expr, declarations: Declarations): { readonly checked: Checked; readonly issues: Issue[] } {
  const checker = new Checker(declarations);
  checker.check(expr);
  return { checked: checker.finish(), issues: checker.issues };
}

class Checker {
  readonly issues: Issue[] = [];
  readonly #declarations: Declarations;
  readonly #types = new Map<Expr, CelType>();
  readonly #overloads = new Map<Expr, readonly Overload[]>();
  readonly #names = new Map<Expr, string>();
  #scopes: ReadonlyMap<string, CelType>[] = [];
  #known: Substitutions = new Map();
  #freeVariables = 0;

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  finish(): Checked {
    const types = new Map<Expr, CelType>();
    for (const [expr, type] of this.#types) types.set(expr, substitute(this.#known, type, true));
    return { types, overloads: this.#overloads, names: this.#names };
  }

  check(expr: Expr): CelType {
    const known = this.#types.get(expr);
    // A macro may use a part twice; it is one and the same.
    if (known !== undefined) return known;
    const type = this.#typeOf(expr);
    this.#types.set(expr, type);
    return type;
  }

  #typeOf(expr: Expr): CelType {
    switch (expr.kind) {
      case 'literal':
        return typeOfValue(expr.value);
      case 'ident':
        return this.#ident(expr, expr.name);
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return this.#struct(expr);
      case 'comprehension':
        return this.#comprehension(expr);
    }
  }

  #ident(expr: Expr, name: string): CelType {
    const found = this.#variable(name);
    if (found === undefined) {
      this.#undeclared(expr, name);
      return ERROR;
    }
    this.#names.set(expr, name.replace(/^\./, ''));
    return found;
  }

  #select(expr: Select): CelType {
    const name = expr.testOnly ? undefined : qualifiedName(expr);
    const variable = name === undefined ? undefined : this.#variable(name);
    if (name !== undefined && variable !== undefined) {
      this.#names.set(expr, name);
      return variable;
    }
    const type = this.#field(expr, expr.operand, expr.field, false);
    return expr.testOnly ? BOOL : substitute(this.#known, type, false);
  }

  #field(expr: Expr, operand: Expr, field: string, optional: boolean): CelType {
    const operandType = substitute(this.#known, this.check(operand), false);
    const wrapped = isOptional(operandType);
    const target = wrapped ? parameter(operandType) : operandType;
    const type = this.#fieldOf(expr, target, field);
    return wrapped || optional ? optionalOf(type) : type;
  }

  #fieldOf(expr: Expr, target: CelType, field: string): CelType {
    switch (target.kind) {
      case 'map':
        return parameter(target, 1);
      case 'struct': {
        const fields = this.#declarations.fieldsOf(target.name);
        const type = fields?.get(field);
        if (type !== undefined) return type;
        this.#fail(
          expr,
          fields === undefined ? `unexpected failed resolution of '${target.name}'` : `undefined field '${field}'`,
        );
        return ERROR;
      }
      case 'typeParam':
        this.#assign(DYN, target);
        return DYN;
      default:
        if (!isDyn(target) && target.kind !== 'error') {
          this.#fail(expr, `type '${formatType(target)}' does not support field selection`);
        }
        return DYN;
    }
  }

  #call(expr: Call): CelType {
    if (expr.function === '_?._') {
      const [operand, field] = expr.args;
      const name = field?.kind === 'literal' ? field.value : undefined;
      if (operand === undefined || typeof name !== 'string') return ERROR;
      this.#overloads.set(expr, this.#declarations.functions.get('_?._')?.overloads ?? []);
      return substitute(this.#known, this.#field(expr, operand, name, true), false);
    }
    for (const arg of expr.args) this.check(arg);
    const prefix = expr.target === undefined ? undefined : qualifiedName(expr.target);
    const qualified = prefix === undefined ? undefined : this.#function(`${prefix}.${expr.function}`);
    if (qualified !== undefined) {
      this.#names.set(expr, qualified.name);
      return this.#resolve(expr, qualified, undefined);
    }
    if (expr.target !== undefined) this.check(expr.target);
    const found = this.#function(expr.function);
    if (found === undefined) {
      this.#undeclared(expr, expr.function);
      return ERROR;
    }
    return this.#resolve(expr, found, expr.target);
  }

  #resolve(expr: Call, { name, overloads }: CelFunction, target: Expr | undefined): CelType {
    const nodes = target === undefined ? expr.args : [target, ...expr.args];
    const args = nodes.map((node) => this.check(node));
    if (name === '_&&_' || name === '_||_') return this.#logical(expr, overloads, nodes, args);
    let result: CelType | undefined;
    const matching: Overload[] = [];
    for (const overload of overloads) {
      if (overload.member !== (target !== undefined) || overload.params.length !== args.length) continue;
      const { params, result: declared } = this.#instantiate(overload);
      const known = assign(
        this.#known,
        args.map((arg, index) => [arg, params[index] ?? DYN]),
      );
      if (known === undefined) continue;
      this.#known = known;
      matching.push(overload);
      const type = substitute(known, declared, false);
      if (result === undefined) result = type;
      else if (!isDyn(result) && !isSame(type, result)) result = DYN;
    }
    if (result === undefined) {
      const types = args.map((arg) => formatType(substitute(this.#known, arg, true)));
      const receiver = target === undefined ? '' : `${types.shift()}.`;
      this.#fail(expr, `found no matching overload for '${name}' applied to '${receiver}(${types.join(', ')})'`);
      return ERROR;
    }
    this.#overloads.set(expr, matching);
    return result;
  }

  #logical(expr: Call, overloads: readonly Overload[], nodes: readonly Expr[], args: readonly CelType[]): CelType {
    this.#overloads.set(expr, overloads);
    let isBool = true;
    for (const [index, arg] of args.entries()) {
      if (this.#assign(arg, BOOL)) continue;
      isBool = false;
      this.#mismatch(nodes[index] ?? expr, BOOL, arg);
    }
    return isBool ? BOOL : ERROR;
  }

  /** The signature with type parameters that no other use of it shares. */
  #instantiate({ params, result }: Overload): Pick<Overload, 'params' | 'result'> {
    const fresh = new Map<string, CelType>();
    const renew = (type: CelType): CelType => {
      if (type.kind === 'typeParam') {
        const known = fresh.get(type.name) ?? this.#freeVariable();
        fresh.set(type.name, known);
        return known;
      }
      return type.parameters.length === 0 ? type : { ...type, parameters: type.parameters.map(renew) };
    };
    return { params: params.map(renew), result: renew(result) };
  }

  #list(expr: List): CelType {
    let element: CelType | undefined;
    for (const [index, one] of expr.elements.entries()) {
      const type = this.check(one);
      element = this.#join(element, expr.optional.has(index) ? this.#unwrapped(one, type) : type);
    }
    return listOf(element ?? this.#freeVariable());
  }

  #map(expr: MapLiteral): CelType {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of expr.entries) {
      key = this.#join(key, this.check(entry.key));
      const type = this.check(entry.value);
      value = this.#join(value, entry.optional ? this.#unwrapped(entry.value, type) : type);
    }
    return mapOf(key ?? this.#freeVariable(), value ?? this.#freeVariable());
  }

  #unwrapped(expr: Expr, type: CelType): CelType {
    if (isOptional(type)) return parameter(type);
    if (!isDyn(type)) this.#mismatch(expr, optionalOf(type), type);
    return type;
  }

  /** The type of a literal's elements. That they have different ones is found by `literals.ts`, where it is forbidden. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    return this.#assign(previous, current) ? moreGeneral(previous, current) : DYN;
  }

  #struct(expr: Struct): CelType {
    const name = expr.typeName.replace(/^\./, '');
    const declared = this.#declarations.variable(name);
    const type = this.#structType(expr, name, declared);
    for (const field of expr.fields) {
      const given = this.check(field.value);
      const wanted = isSame(type, ERROR) ? ERROR : this.#fieldOf({ ...expr, offset: field.offset }, type, field.name);
      const value = field.optional ? this.#unwrapped(field.value, given) : given;
      if (this.#assign(wanted, value)) continue;
      const [expected, provided] = [formatType(wanted), formatType(value)];
      this.issues.push({
        message: `expected type of field '${field.name}' is '${expected}' but provided type is '${provided}'`,
        offset: field.offset,
      });
    }
    return type;
  }

  #structType(expr: Struct, name: string, declared: CelType | undefined): CelType {
    if (declared === undefined) {
      this.#undeclared(expr, expr.typeName);
      return ERROR;
    }
    this.#names.set(expr, name);
    if (declared.kind !== 'type') {
      this.#fail(expr, `'${declared.name}' is not a type`);
      return ERROR;
    }
    const type = parameter(declared);
    if (type.kind === 'struct') return type;
    this.#fail(expr, `'${type.name}' is not a message type`);
    return ERROR;
  }

  #comprehension(expr: Comprehension): CelType {
    const range = substitute(this.#known, this.check(expr.range), false);
    const initial = this.check(expr.initial);
    const [first, second] = this.#iterated(expr, range);
    this.#scopes.push(new Map([[expr.accumulator, initial]]));
    const variables = new Map([[expr.variable, expr.variable2 === undefined ? (second ?? first) : first]]);
    if (expr.variable2 !== undefined) variables.set(expr.variable2, second ?? first);
    this.#scopes.push(variables);
    this.#assertType(expr.condition, BOOL);
    this.#assertType(expr.step, initial);
    this.#scopes.pop();
    const result = this.check(expr.result);
    this.#scopes.pop();
    return substitute(this.#known, result, false);
  }

  /** The types of index or key and of element or value; a map with one variable goes over its keys. */
  #iterated(expr: Comprehension, range: CelType): readonly [CelType, CelType | undefined] {
    switch (range.kind) {
      case 'list':
        return [INT, parameter(range)];
      case 'map':
        return [parameter(range), expr.variable2 === undefined ? undefined : parameter(range, 1)];
      case 'dyn':
      case 'any':
      case 'error':
      case 'typeParam':
        this.#assign(DYN, range);
        return [DYN, DYN];
      default:
        this.#fail(
          expr.range,
          `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        return [ERROR, ERROR];
    }
  }

  #assertType(expr: Expr, type: CelType): void {
    const found = this.check(expr);
    if (!this.#assign(type, found)) this.#mismatch(expr, type, found);
  }

  #assign(a: CelType, b: CelType): boolean {
    const known = assign(this.#known, [[a, b]]);
    if (known !== undefined) this.#known = known;
    return known !== undefined;
  }

  #variable(name: string): CelType | undefined {
    if (!name.startsWith('.')) {
      for (let index = this.#scopes.length - 1; index >= 0; index--) {
        const type = this.#scopes[index]?.get(name);
        if (type !== undefined) return type;
      }
    }
    return this.#declarations.variable(name.replace(/^\./, ''));
  }

  #function(name: string): CelFunction | undefined {
    return this.#declarations.functions.get(name.replace(/^\./, ''));
  }

  #freeVariable(): CelType {
    return typeParam(`_var${this.#freeVariables++}`);
  }

  #undeclared(expr: Expr, name: string): void {
    this.#fail(expr, `undeclared reference to '${name}' (in container '')`);
  }

  #mismatch(expr: Expr, expected: CelType, found: CelType): void {
    this.#fail(expr, `expected type '${formatType(expected)}' but found '${formatType(found)}'`);
  }

  #fail({ offset }: Expr, message: string): void {
    this.issues.push({ message, offset });
  }
}

/** `a.b.c` as one name, when it is nothing but names. */
function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.testOnly) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}
