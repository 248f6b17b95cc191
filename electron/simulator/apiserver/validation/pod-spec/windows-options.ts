import { dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { Container, PodSpec } from '../../strategies/pod-defaults';
import { type FieldError, invalid } from '../field-error';
import { invalidFor } from '../values';
import { containersOf } from './containers-of';

type WindowsOptions = NonNullable<NonNullable<Container['securityContext']>['windowsOptions']>;

const LARGEST_SPEC_KIB = 64;
const LONGEST_DOMAIN = 256;
const LONGEST_USER = 104;
const DNS_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const DNS_DOMAIN = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);
const NETBIOS_DOMAIN = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;

/** What holds on Windows nodes only (`validateWindowsSecurityContextOptions`). */
export function validateWindowsOptions(options: WindowsOptions | undefined, path: string): FieldError[] {
  if (options === undefined) return [];
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  const errors: FieldError[] = [];
  if (name !== undefined) errors.push(...invalidFor(`${path}.gmsaCredentialSpecName`, name, dns1123SubdomainProblems));
  if (spec === '') {
    errors.push(invalid(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string'));
  } else if (spec !== undefined && Buffer.byteLength(spec) > LARGEST_SPEC_KIB * 1024) {
    const text = `gmsaCredentialSpec size must be under ${LARGEST_SPEC_KIB} KiB`;
    errors.push(invalid(`${path}.gmsaCredentialSpec`, spec, text));
  }
  if (user !== undefined) errors.push(...invalidFor(`${path}.runAsUserName`, user, userNameProblems));
  return errors;
}

/** `user` or `DOMAIN\user`. */
function userNameProblems(text: string): string[] {
  if (text === '') return ['runAsUserName cannot be an empty string'];
  if (/\p{Cc}/u.test(text)) return ['runAsUserName cannot contain control characters'];
  const parts = text.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? parts[0] : undefined;
  const problems: string[] = [];
  if (domain !== undefined) {
    if (domain.length >= LONGEST_DOMAIN) {
      problems.push(`runAsUserName's Domain length must be under ${LONGEST_DOMAIN} characters`);
    }
    if (!NETBIOS_DOMAIN.test(domain) && !DNS_DOMAIN.test(domain)) {
      problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
  }
  if (user === '') problems.push("runAsUserName's User cannot be empty");
  else if (user.length > LONGEST_USER) {
    problems.push(`runAsUserName's User length must not be longer than ${LONGEST_USER} characters`);
  }
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    problems.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  }
  return problems;
}

/** Host processes: all of a pod's containers or none, and on the node's network (`validateWindowsHostProcessPod`). */
export function validateHostProcess(spec: PodSpec, path: string): FieldError[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = containersOf(spec, path);
  const errors: FieldError[] = [];
  let count = 0;
  for (const [container, at] of containers) {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      const text = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.push(invalid(`${at}.securityContext.windowsOptions.hostProcess`, own, text));
    }
    if (own ?? ofPod) count += 1;
  }
  if (count === 0) return errors;
  if (count !== containers.length) {
    const text = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    errors.push(invalid(path, '', text));
  }
  if (spec.hostNetwork !== true) {
    const text = 'hostNetwork must be true if pod contains any hostProcess containers';
    errors.push(invalid(`${path}.hostNetwork`, false, text));
  }
  return errors;
}
