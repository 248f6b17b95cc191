import { describe, expect, test } from 'vitest';
import {
  AUTHORIZER,
  AuthorizerValue,
  answers,
  bindingsOf,
  CostLimitExceeded,
  celTypes,
  compile,
  dynamicValue,
  EvaluationError,
  escapeProperty,
  PER_CALL_LIMIT,
  RESOURCE_CHECK,
  resourceCheck,
  type Schema,
  schemaType,
  typedValue,
  unescapeProperty,
  type Value,
} from '../../../../../shared/kubernetes/cel';

const variables = new Map([['object', celTypes.DYN]]);
const object = { spec: { replicas: 3, list: [1, 2, 3], name: 'web' } };

function run(expression: string): Value {
  const compiled = compile(expression, { variables });
  if ('errors' in compiled) return compiled.errors;
  try {
    return compiled.program.evaluate(bindingsOf({ object: dynamicValue(object) })).value;
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}

describe('expressions', () => {
  test.each([
    ['object.spec.replicas == 3', true],
    ['object.spec.replicas <= 2', false],
    ['has(object.spec.name) && !has(object.spec.other)', true],
    ['object.spec.list.all(x, x > 0) && object.spec.list.exists(x, x == 2)', true],
    ['object.spec.list.map(x, x * 2).sum() == 12', true],
    ['object.?spec.?missing.orValue("none")', 'none'],
    ['object.spec.list.transformList(i, v, i * v) == [0, 2, 6]', true],
    ['"%s has %d".format([object.spec.name, object.spec.replicas])', 'web has 3'],
    ['quantity("1Gi").isGreaterThan(quantity("500Mi"))', true],
    ['cidr("10.0.0.0/8").containsIP("10.1.2.3")', true],
    ['url("https://example.com:80/a?b=c").getHostname()', 'example.com'],
    ['semver("1.2.3").isLessThan(semver("1.10.0"))', true],
    ['sets.contains([1, 2, 3], [2])', true],
    ['"abc".matches("^a.c$")', true],
    ['object.spec.other', 'no such key: other'],
    ['false && object.spec.other || true', true],
    ['1 / 0', 'division by zero'],
  ])('%s', (expression, value) => expect(run(expression)).toEqual(value));
});

// What kube-apiserver v1.35.4 answers.
describe('what does not compile', () => {
  test.each([
    [
      '1 +',
      "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | 1 +\n | ...^",
    ],
    [
      '[1,"a"].size() > foo.bar',
      `ERROR: <input>:1:18: undeclared reference to 'foo' (in container '')\n | [1,"a"].size() > foo.bar\n | .................^`,
    ],
    ['x.`a`', "ERROR: <input>:1:3: unsupported syntax: '`'\n | x.`a`\n | ..^"],
    [
      'timestamp("a") == duration("b") && "a".matches("[")',
      `ERROR: <input>:1:16: found no matching overload for '_==_' applied to '(timestamp, duration)'\n | timestamp("a") == duration("b") && "a".matches("[")\n | ...............^`,
    ],
    [
      'math.abs(1) == 1',
      "ERROR: <input>:1:1: undeclared reference to 'math' (in container '')\n | math.abs(1) == 1\n | ^\nERROR: <input>:1:9: undeclared reference to 'abs' (in container '')\n | math.abs(1) == 1\n | ........^",
    ],
  ])('%s', (expression, errors) => expect(run(expression)).toBe(errors));
});

test('a hostile expression is stopped by its cost', () => {
  const list = `[${Array.from({ length: 100 }, () => '1').join(',')}]`;
  const compiled = compile(`${list}.all(a, ${list}.all(b, ${list}.all(c, ${list}.all(d, true))))`);
  if ('errors' in compiled) throw new Error(compiled.errors);
  expect(() => compiled.program.evaluate(bindingsOf({}), PER_CALL_LIMIT)).toThrow(CostLimitExceeded);
});

test('nesting without end is refused', () => {
  expect(run('('.repeat(5000))).toContain('expression recursion limit exceeded: 250');
});

describe('data with a schema', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      replicas: { type: 'integer' },
      namespace: { type: 'string' },
      since: { type: 'string', format: 'date-time' },
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', properties: { name: { type: 'string' }, port: { type: 'integer' } } },
      },
    },
  };
  const { type, structs } = schemaType(schema, 'selfType', false) ?? { type: celTypes.DYN, structs: new Map() };
  const declared = { variables: new Map([['self', type]]), structs };
  const ports = [
    { name: 'a', port: 1 },
    { name: 'b', port: 2 },
  ];
  const self = typedValue({ replicas: 2, namespace: 'n', since: '2024-01-02T03:04:05Z', ports }, schema);

  test.each([
    ['self.replicas == 2 && self.__namespace__ == "n"', true],
    ['self.since.getFullYear() == 2024', true],
    ['self.ports == self.ports.sortBy(p, -p.port)', true],
    ['has(self.replicas) && self.ports.all(p, p.port > 0)', true],
  ])('%s', (expression, value) => {
    const compiled = compile(expression, declared);
    if ('errors' in compiled) throw new Error(compiled.errors);
    expect(answers(compiled.program, celTypes.BOOL)).toBe(true);
    expect(compiled.program.evaluate(bindingsOf({ self })).value).toBe(value);
  });

  test('a field that the schema does not have is no field', () => {
    const compiled = compile('self.replica == 2', declared);
    expect('errors' in compiled && compiled.errors).toBe(
      "ERROR: <input>:1:5: undefined field 'replica'\n | self.replica == 2\n | ....^",
    );
  });

  test('names are escaped and back', () => {
    for (const name of ['namespace', 'a-b', 'a.b/c', 'x__y', 'plain']) {
      expect(unescapeProperty(escapeProperty(name) ?? '')).toBe(name);
    }
    expect(escapeProperty('0')).toBeUndefined();
  });
});

test('the authorizer is asked what the expression says', () => {
  const authorizer = new AuthorizerValue(({ verb, resource }) => ({ allowed: verb === 'get', reason: resource ?? '' }));
  const compiled = compile(
    'authorizer.group("apps").resource("deployments").check("get").allowed() && !authorizer.requestResource.check("delete").allowed()',
    {
      variables: new Map([
        ['authorizer', AUTHORIZER],
        ['authorizer.requestResource', RESOURCE_CHECK],
      ]),
    },
  );
  if ('errors' in compiled) throw new Error(compiled.errors);
  const bindings = bindingsOf({
    authorizer,
    'authorizer.requestResource': resourceCheck(authorizer, { resource: 'pods' }),
  });
  expect(compiled.program.evaluate(bindings).value).toBe(true);
});
