import { dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import { type FieldError, invalid, required } from './field-error';

/** Where a webhook is (k8s.io/apiserver/pkg/util/webhook/validation.go). */

/** The versions of reviews that the server speaks. */
export const REVIEW_VERSIONS: readonly string[] = ['v1', 'v1beta1'];

const URL_FORM = '; desired format: https://host[/path]';

/** `ValidateWebhookURL`. */
export function webhookUrlErrors(text: string, field: string): FieldError[] {
  const match =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  const [, scheme = '', user, host = '', , query = '', fragment = ''] = match ?? [];
  const errors: FieldError[] = [];
  if (scheme.toLowerCase() !== 'https') {
    errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${URL_FORM}`));
  }
  if (host === '') errors.push(invalid(field, host, `host must be specified${URL_FORM}`));
  if (user !== undefined) errors.push(invalid(field, user, 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalid(field, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(field, query, 'query parameters are not permitted in the URL'));
  return errors;
}

interface ServiceReference {
  readonly name?: string;
  readonly namespace?: string;
  readonly path?: string;
  readonly port?: number;
}

/** `ValidateWebhookService`, whose callers give it name and namespace the wrong way round. */
export function webhookServiceErrors(service: ServiceReference, field: string): FieldError[] {
  const { port = 443 } = service;
  return [
    ...(service.namespace ? [] : [required(`${field}.name`)]),
    ...(service.name ? [] : [required(`${field}.namespace`)]),
    ...(port >= 1 && port <= 65_535
      ? []
      : [invalid(`${field}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive')]),
    ...servicePathErrors(service.path, `${field}.path`),
  ];
}

function servicePathErrors(path: string | undefined, field: string): FieldError[] {
  if (path === undefined || path === '' || path === '/') return [];
  if (path === '//') return [invalid(field, path, 'segment[0] may not be empty')];
  const errors = path.startsWith('/') ? [] : [invalid(field, path, "must start with a '/'")];
  const segments = path.slice(1).replace(/\/$/, '').split('/');
  return [
    ...errors,
    ...segments.flatMap((segment, index) =>
      segment === ''
        ? [invalid(field, path, `segment[${index}] may not be empty`)]
        : dns1123SubdomainProblems(segment).map((problem) => invalid(field, path, `segment[${index}]: ${problem}`)),
    ),
  ];
}

/** Whether the server speaks one of the versions that a webhook does. */
export function hasKnownReviewVersion(versions: readonly string[]): boolean {
  return versions.some((version) => REVIEW_VERSIONS.includes(version));
}

export const KNOWN_REVIEW_VERSIONS = REVIEW_VERSIONS.join(', ');
