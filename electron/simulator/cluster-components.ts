import type { ServiceAccountTokens } from './apiserver/authentication';
import type { ClusterCertificates } from './certificates';
import { fargateScheduler } from './cloud/fargate-scheduler';
import { ingressController } from './cloud/ingress-controller';
import { serviceController } from './cloud/service-controller';
import type { ComponentGroups } from './component-choice';
import { controllers } from './controllers';
import { certificateSigning } from './controllers/certificates/signing';
import { serviceAccountTokenController } from './controllers/service-account-token';
import type { ActiveFaults } from './faults/active-faults';
import { type KubeletRegistry, type NodeProfile, nodeKubelet, nodeMark } from './node';
import type { Preset } from './presets/preset';
import { schedulerNoting } from './scheduler';
import type { SchedulingAttempts } from './scheduler/attempts';
import { attacher } from './storage/attacher';
import { provisionController } from './storage/provision-controller';
import { resizeController } from './storage/resize-controller';

/** What the components of a cluster need besides the API. */
export interface ClusterParts {
  readonly preset: Preset;
  readonly certificates: ClusterCertificates;
  readonly accountTokens: Pick<ServiceAccountTokens, 'issueLegacy'>;
  readonly registry: KubeletRegistry;
  /** Where the scheduler notes what it finds. */
  readonly verdicts: SchedulingAttempts;
  readonly faults: ActiveFaults;
}

/** All that runs on a cluster's API server, unless it is switched off. */
export function clusterComponents(parts: ClusterParts): ComponentGroups {
  const { preset, certificates, accountTokens, registry, verdicts, faults } = parts;
  const tokens = serviceAccountTokenController({
    certificateAuthority: certificates.ca.certificate,
    issueLegacy: (account, secret) => accountTokens.issueLegacy(account, secret),
  });
  const { nodes, cloud = {}, provisioners = [] } = preset;
  const kubelet = (profile: NodeProfile) => nodeKubelet(profile, registry, faults);
  return {
    controllers: [
      ...controllers,
      certificateSigning(certificates.ca),
      tokens,
      ...provisioners.map(provisionController),
      ...provisioners.filter(({ attaches }) => attaches === true).map(attacher),
      ...provisioners.filter(({ resizes }) => resizes === true).map(resizeController),
      ...(cloud.loadBalancers === undefined ? [] : [serviceController(cloud.loadBalancers)]),
      ...(cloud.ingress === undefined ? [] : [ingressController(cloud.ingress)]),
      ...(cloud.fargate === undefined ? [] : [fargateScheduler(cloud.fargate, kubelet)]),
    ],
    scheduler: [schedulerNoting(verdicts)],
    kubelet: [nodeMark(nodes), ...nodes.map(kubelet)],
  };
}
