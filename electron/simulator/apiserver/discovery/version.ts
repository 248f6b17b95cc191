import { KUBERNETES_VERSION } from '../../version';

const [major = '', minor = ''] = KUBERNETES_VERSION.slice(1).split('.');

/** What `/version` says (`version.Info`). */
export const versionInfo = {
  major,
  minor,
  emulationMajor: major,
  emulationMinor: minor,
  minCompatibilityMajor: major,
  minCompatibilityMinor: String(Number(minor) - 1),
  gitVersion: KUBERNETES_VERSION,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '',
  goVersion: '',
  compiler: '',
  // The cluster's own, wherever this runs: it is what its nodes say as well.
  platform: 'linux/amd64',
};
