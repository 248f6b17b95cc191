import type { ServiceAccountTokens } from './apiserver/authentication';
import type { ClusterCertificates } from './certificates';
import type { ComponentGroups } from './component-choice';
import { controllers } from './controllers';
import { certificateSigning } from './controllers/certificates/signing';
import { serviceAccountTokenController } from './controllers/service-account-token';
import type { ActiveFaults } from './faults/active-faults';
import { type KubeletRegistry, type NodeProfile, nodeKubelet, nodeMark } from './node';
import { schedulerNoting } from './scheduler';
import type { SchedulingAttempts } from './scheduler/attempts';

/** What the components of a cluster need besides the API. */
export interface ClusterParts {
  readonly nodes: readonly NodeProfile[];
  readonly certificates: ClusterCertificates;
  readonly accountTokens: Pick<ServiceAccountTokens, 'issueLegacy'>;
  readonly registry: KubeletRegistry;
  /** Where the scheduler notes what it finds. */
  readonly verdicts: SchedulingAttempts;
  readonly faults: ActiveFaults;
}

/** All that runs on a cluster's API server, unless it is switched off. */
export function clusterComponents(parts: ClusterParts): ComponentGroups {
  const { nodes, certificates, accountTokens, registry, verdicts, faults } = parts;
  const tokens = serviceAccountTokenController({
    certificateAuthority: certificates.ca.certificate,
    issueLegacy: (account, secret) => accountTokens.issueLegacy(account, secret),
  });
  return {
    controllers: [...controllers, certificateSigning(certificates.ca), tokens],
    scheduler: [schedulerNoting(verdicts)],
    kubelet: [nodeMark(nodes), ...nodes.map((profile) => nodeKubelet(profile, registry, faults))],
  };
}
