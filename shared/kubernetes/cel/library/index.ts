import type { CelFunction } from '../functions';
import { arithmetic } from './arithmetic';
import { authorization } from './authorization';
import { cidrs } from './cidrs';
import { collections } from './collections';
import { conversions } from './conversions';
import { formats } from './formats';
import { ips } from './ips';
import { optionals } from './optionals';
import { quantities } from './quantities';
import { regularExpressions } from './regular-expressions';
import { semver } from './semver';
import { standard } from './standard';
import { strings } from './strings';
import { times } from './times';
import { urls } from './urls';

/** What every expression of Kubernetes 1.35 can call (k8s.io/apiserver/pkg/cel/environment/base.go). */
export const libraries: readonly CelFunction[] = [
  ...standard,
  ...arithmetic,
  ...conversions,
  ...times,
  ...optionals,
  ...strings,
  ...collections,
  ...regularExpressions,
  ...urls,
  ...quantities,
  ...ips,
  ...cidrs,
  ...formats,
  ...semver,
  ...authorization,
];
