import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from '../../label-syntax';
import { type CelFunction, member, overload } from '../functions';
import { type CelType, listOf, optionalOf, STRING, struct } from '../types';
import { ValueList } from '../values/collections';
import { parseTimestamp } from '../values/time-and-numbers';
import { EvaluationError, Opaque, Optional, type Value } from '../values/value';
import { parseRequestUri } from './go-url';

const FORMAT: CelType = struct('kubernetes.NamedFormat');

type Problems = (text: string) => readonly string[];

class FormatValue extends Opaque {
  readonly type = FORMAT;
  readonly name: string;
  readonly problems: Problems;
  /** How long the pattern is, or would be: what checking costs goes by it. */
  override readonly size: number;

  constructor(name: string, problems: Problems, size: number) {
    super();
    this.name = name;
    this.problems = problems;
    this.size = size;
  }

  equals(other: Value): boolean {
    return other instanceof FormatValue && other.name === this.name;
  }
}

/** A prefix that names are generated from may end in a dash (apimachinery's `maskTrailingDash`). */
const asPrefix =
  (problems: Problems): Problems =>
  (text) =>
    problems(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);

const when =
  (isValid: (text: string) => boolean, problem: string): Problems =>
  (text) =>
    isValid(text) ? [] : [problem];

const uri: Problems = (text) => {
  try {
    parseRequestUri(text);
    return [];
  } catch (error) {
    if (error instanceof EvaluationError) return [error.message];
    throw error;
  }
};

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

function isTime(text: string): boolean {
  try {
    return parseTimestamp(text) !== undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

const FORMATS = new Map<string, FormatValue>(
  (
    [
      ['dns1123Label', 'DNS1123Label', dns1123LabelProblems, 30],
      ['dns1123Subdomain', 'DNS1123Subdomain', dns1123SubdomainProblems, 60],
      ['dns1035Label', 'DNS1035Label', dns1035LabelProblems, 30],
      ['qualifiedName', 'QualifiedName', qualifiedNameProblems, 60],
      ['dns1123LabelPrefix', 'DNS1123LabelPrefix', asPrefix(dns1123LabelProblems), 30],
      ['dns1123SubdomainPrefix', 'DNS1123SubdomainPrefix', asPrefix(dns1123SubdomainProblems), 60],
      ['dns1035LabelPrefix', 'DNS1035LabelPrefix', asPrefix(dns1035LabelProblems), 30],
      ['labelValue', 'LabelValue', labelValueProblems, 40],
      ['uri', 'URI', uri, 1103],
      ['uuid', 'uuid', when((text) => UUID.test(text), 'does not match the UUID format'), 79],
      ['byte', 'byte', when((text) => BASE64.test(text), 'invalid base64'), 84],
      [
        'date',
        'date',
        when((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isTime(`${text}T00:00:00Z`), 'invalid date'),
        121,
      ],
      ['datetime', 'datetime', when(isTime, 'invalid datetime'), 121],
    ] as const
  ).map(([key, name, problems, size]) => [key, new FormatValue(name, problems, size)]),
);

function validate(format: FormatValue, text: string): Optional {
  const problems = format.problems(text);
  return problems.length === 0 ? Optional.none : new Optional(new ValueList(problems));
}

/** k8s.io/apiserver/pkg/cel/library/format.go. */
export const formats: readonly CelFunction[] = [
  {
    name: 'validate',
    overloads: [member('format-validate', [FORMAT, STRING], optionalOf(listOf(STRING)), validate)],
  },
  {
    name: 'format.named',
    overloads: [
      overload('format-named', [STRING], optionalOf(FORMAT), (name: string) => {
        const format = FORMATS.get(name);
        return format === undefined ? Optional.none : new Optional(format);
      }),
    ],
  },
  ...[...FORMATS].map(([name, format]) => ({
    name: `format.${name}`,
    overloads: [overload(`format.${name}`, [], FORMAT, () => format)],
  })),
];
