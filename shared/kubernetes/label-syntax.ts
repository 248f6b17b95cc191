/**
 * The syntax of names, label keys and label values (k8s.io/apimachinery/pkg/util/validation). Each function gives what is
 * wrong, as upstream words it; an empty list means valid.
 */

function regexError(message: string, pattern: string, ...examples: string[]): string {
  const [first = '', ...others] = examples;
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  const list = [`'${first}'`, ...others.map((example) => `'${example}'`)].join(',  or ');
  return `${message} (e.g. ${list}, regex used for validation is '${pattern}')`;
}

function maxLength(length: number): string {
  return `must be no more than ${length} characters`;
}

/** In the words of k8s.io/apimachinery/pkg/api/validate/content, which has taken over labels, and with them some of names. */
function maxBytes(length: number): string {
  return `must be no more than ${length} bytes`;
}

const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const DNS1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS1123_SUBDOMAIN = `${DNS1123_LABEL}(\\.${DNS1123_LABEL})*`;
const LABEL_WITH_UNDERSCORE = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const DNS1123_SUBDOMAIN_WITH_UNDERSCORE = `${LABEL_WITH_UNDERSCORE}(\\.${LABEL_WITH_UNDERSCORE})*`;
const WILDCARD_SUBDOMAIN = `\\*\\.${DNS1123_SUBDOMAIN}`;
const DNS1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const LABEL_VALUE = `(${QUALIFIED_NAME})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
const qualifiedName = whole(QUALIFIED_NAME);
const labelValue = whole(LABEL_VALUE);
const subdomain = whole(DNS1123_SUBDOMAIN);
const subdomainWithUnderscore = whole(DNS1123_SUBDOMAIN_WITH_UNDERSCORE);
const wildcardSubdomain = whole(WILDCARD_SUBDOMAIN);
const dns1123Label = whole(DNS1123_LABEL);
const dns1035Label = whole(DNS1035_LABEL);
const configKey = whole(CONFIG_KEY);

const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

/** A DNS-1123 subdomain: most objects' names. */
export function dns1123SubdomainProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 253) problems.push(maxLength(253));
  if (!subdomain.test(text)) problems.push(regexError(SUBDOMAIN_MESSAGE, DNS1123_SUBDOMAIN, 'example.com'));
  return problems;
}

/** A subdomain as DNS servers have them, where underscores are allowed: search paths. */
export function dns1123SubdomainWithUnderscoreProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 253) problems.push(maxLength(253));
  if (!subdomainWithUnderscore.test(text)) {
    const message =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
    problems.push(regexError(message, DNS1123_SUBDOMAIN_WITH_UNDERSCORE, 'example.com'));
  }
  return problems;
}

/** A subdomain below any label: `*.example.com` (RFC 1034, section 4.3.3). */
export function wildcardSubdomainProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 253) problems.push(maxLength(253));
  if (!wildcardSubdomain.test(text)) {
    const message =
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
    problems.push(regexError(message, WILDCARD_SUBDOMAIN, '*.example.com'));
  }
  return problems;
}

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const httpPath = whole(HTTP_PATH);

/** A path below a domain that is not empty: `acme.io/foo`. Gives the part that is wrong, and what is wrong with it. */
export function domainPrefixedPathProblems(text: string): { value: string; problem: string }[] {
  const slash = text.indexOf('/');
  const host = text.slice(0, Math.max(slash, 0));
  const path = text.slice(slash + 1);
  if (host === '' || path === '') {
    return [{ value: text, problem: 'must be a domain-prefixed path (such as "acme.io/foo")' }];
  }
  const problems = dns1123SubdomainProblems(host).map((problem) => ({ value: host, problem }));
  if (!httpPath.test(path)) problems.push({ value: path, problem: regexError('Invalid path', HTTP_PATH) });
  return problems;
}

/** A DNS-1123 label: namespaces, containers, volumes. */
export function dns1123LabelProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 63) problems.push(maxLength(63));
  if (!dns1123Label.test(text)) {
    problems.push(
      subdomain.test(text)
        ? 'must not contain dots'
        : regexError(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            DNS1123_LABEL,
            'my-name',
            '123-abc',
          ),
    );
  }
  return problems;
}

/** A DNS-1035 label: services. */
export function dns1035LabelProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 63) problems.push(maxLength(63));
  if (!dns1035Label.test(text)) {
    problems.push(
      regexError(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        DNS1035_LABEL,
        'my-name',
        'abc-123',
      ),
    );
  }
  return problems;
}

/** A qualified name: a label key, an annotation key, a resource name. */
export function qualifiedNameProblems(text: string): string[] {
  const problems: string[] = [];
  const parts = text.split('/');
  let name = text;
  if (parts.length === 2) {
    const [prefix = '', rest = ''] = parts;
    name = rest;
    if (prefix === '') problems.push('prefix part must be non-empty');
    else {
      if (prefix.length > 253) problems.push(`prefix part ${maxBytes(253)}`);
      if (!subdomain.test(prefix)) {
        problems.push(`prefix part ${regexError(SUBDOMAIN_MESSAGE, DNS1123_SUBDOMAIN, 'example.com')}`);
      }
    }
  } else if (parts.length > 2) {
    return [
      `a valid label key ${regexError("must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", QUALIFIED_NAME, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${maxBytes(63)}`);
  if (!qualifiedName.test(name)) {
    problems.push(
      `name part ${regexError("must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", QUALIFIED_NAME, 'MyName', 'my.name', '123-abc')}`,
    );
  }
  return problems;
}

/** The value of a label. */
export function labelValueProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 63) problems.push(maxBytes(63));
  if (!labelValue.test(text)) {
    problems.push(
      regexError(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        LABEL_VALUE,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  }
  return problems;
}

/** A key of a ConfigMap or a Secret. */
export function configMapKeyProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 253) problems.push(maxLength(253));
  if (!configKey.test(text)) {
    problems.push(
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        CONFIG_KEY,
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  }
  if (text === '.') problems.push(`must not be '.'`);
  else if (text === '..') problems.push(`must not be '..'`);
  else if (text.startsWith('..')) problems.push(`must not start with '..'`);
  return problems;
}

/** The name of an environment variable: any printable ASCII but `=`, as the API accepts since 1.34. */
export function envVarNameProblems(text: string): string[] {
  if (text === '') return ['environment variable name must be non-empty'];
  if (/^[ -<>-~]+$/.test(text)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** The name of a header of an HTTP probe. */
export function httpHeaderNameProblems(text: string): string[] {
  if (/^[-A-Za-z0-9]+$/.test(text)) return [];
  const message = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return [regexError(message, '[-A-Za-z0-9]+', 'X-Header-Name')];
}

/** The name of a container's or a service's port (RFC 6335). */
export function portNameProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 15) problems.push(maxLength(15));
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text !== '' && (text.startsWith('-') || text.endsWith('-'))) {
    problems.push('must not begin or end with a hyphen');
  }
  return problems;
}

/** One segment of a path: the names of RBAC objects. */
export function pathSegmentProblems(text: string, isPrefix = false): string[] {
  if (!isPrefix && (text === '.' || text === '..')) return [`may not be '${text}'`];
  return ['/', '%'].filter((illegal) => text.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}
