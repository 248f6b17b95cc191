import type { APIService } from '../../../../shared/kubernetes/objects';
import { column, simplePrinter } from './columns';

export const apiServicePrinter = simplePrinter<APIService>(
  [
    column('Service', 'The Service that answers, where it is not the server itself.'),
    column('Available', 'Whether what answers can be reached.'),
  ],
  ({ spec, status }) => {
    const { namespace = '', name = '' } = spec?.service ?? {};
    const available = status?.conditions?.find(({ type }) => type === 'Available');
    const { status: is = 'Unknown', reason } = available ?? {};
    return [
      spec?.service === undefined ? 'Local' : `${namespace}/${name}`,
      is === 'True' || !reason ? is : `${is} (${reason})`,
    ];
  },
);
