import type { Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory } from './plugin';

/** Lets Services keep and give up external addresses, not take new ones (plugin/pkg/admission/network/denyserviceexternalips). */
export const denyServiceExternalIps: AdmissionPluginFactory = () => ({
  name: 'DenyServiceExternalIPs',
  validate(request) {
    const service = written(request, services, 'CREATE', 'UPDATE');
    const old: Service | undefined = request.oldObject;
    const present = old?.spec?.externalIPs ?? [];
    if (service?.spec?.externalIPs?.some((address) => !present.includes(address))) {
      throw forbidden(request, 'Use of external IPs is denied by admission control');
    }
  },
});
