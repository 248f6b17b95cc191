import { type FieldError, invalid } from '../../validation/field-error';

/** What a namespace's labels ask of its pods (k8s.io/pod-security-admission/api). */

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;

type Level = (typeof LEVELS)[number];

export interface LevelVersion {
  readonly level: Level;
  /** `latest`, or `v1.24`. */
  readonly version: string;
}

export interface Policy {
  /** What a pod is refused for, what is noted in the audit trail, and what its maker is warned of. */
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

type Labels = Readonly<Record<string, string>>;

const PREFIX = 'pod-security.kubernetes.io/';
const ANYTHING: LevelVersion = { level: 'privileged', version: 'latest' };
const NO_POLICY: Policy = { enforce: ANYTHING, audit: ANYTHING, warn: ANYTHING };

/** @returns the policy, and what is wrong with the labels; those are then read as the strictest for enforcing. */
export function policyOf(labels: Labels | undefined): { policy: Policy; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const given = Object.keys(labels ?? {}).some((label) => label.startsWith(PREFIX));
  if (labels === undefined || !given) return { policy: NO_POLICY, errors };

  const fault = (label: string, detail: string) =>
    errors.push(invalid(`metadata.labels[${PREFIX}${label}]`, labels[PREFIX + label], detail));
  const read = (mode: keyof Policy, fallback: Level): LevelVersion => {
    const level = labels[PREFIX + mode];
    const version = labels[`${PREFIX}${mode}-version`];
    const known = LEVELS.find((each) => each === level);
    if (level !== undefined && known === undefined) fault(mode, `must be one of ${LEVELS.join(', ')}`);
    const isVersion = version === undefined || version === 'latest' || /^v1\.(0|[1-9]\d*)$/.test(version);
    if (!isVersion) fault(`${mode}-version`, 'must be "latest" or "v1.x"');
    return {
      level: level === undefined ? 'privileged' : (known ?? fallback),
      version: version === undefined || !isVersion ? 'latest' : version,
    };
  };
  const enforce = read('enforce', 'restricted');
  const audit = read('audit', 'privileged');
  let warn = read('warn', 'privileged');
  const isStrict = LEVELS.some((level) => level === labels[`${PREFIX}enforce`] && level !== 'privileged');
  // Whoever enforces wants to be warned as well, unless something else is said.
  if (labels[`${PREFIX}warn`] === undefined && isStrict) {
    warn = {
      level: enforce.level,
      version: labels[`${PREFIX}warn-version`] === undefined ? enforce.version : warn.version,
    };
  }
  return { policy: { enforce, audit, warn }, errors };
}

/** `restricted:v1.24`. */
export function levelText({ level, version }: LevelVersion): string {
  return `${level}:${version}`;
}

export function isSame(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.version === b.version;
}

/** Whether a level asks for more than another. */
export function isStricter(a: LevelVersion, b: LevelVersion): boolean {
  return LEVELS.indexOf(a.level) > LEVELS.indexOf(b.level);
}
