import type { Node } from '../../../shared/kubernetes/objects';
import { Chip, Field, Fields, Section, SmallTable } from '../../details/parts';

export function NodeSections({ object: { spec, status } }: { object: Node }) {
  const info = status?.nodeInfo;
  const names = [...new Set([...Object.keys(status?.capacity ?? {}), ...Object.keys(status?.allocatable ?? {})])];
  return (
    <>
      <Section title="Node">
        <Fields>
          <Field name="New pods">
            {spec?.unschedulable ? 'are not placed on it (cordoned)' : 'may be placed on it'}
          </Field>
          <Field name="Taints">
            {(spec?.taints?.length ?? 0) > 0 && (
              <span className="flex flex-wrap gap-1">
                {spec?.taints?.map(({ key, value, effect }) => (
                  <Chip key={`${key}:${effect}`}>{`${key}${value ? `=${value}` : ''}:${effect}`}</Chip>
                ))}
              </span>
            )}
          </Field>
          <Field name="Addresses">
            {status?.addresses?.map(({ type, address }) => (
              <span key={`${type}/${address}`} className="block">
                {address} <span className="text-ink-faint">{type}</span>
              </span>
            ))}
          </Field>
          <Field name="Pod addresses">{spec?.podCIDRs?.join(', ') ?? spec?.podCIDR}</Field>
          <Field name="Kubelet">{info?.kubeletVersion}</Field>
          <Field name="System">{info && `${info.osImage}, ${info.architecture}`}</Field>
          <Field name="Kernel">{info?.kernelVersion}</Field>
          <Field name="Runtime">{info?.containerRuntimeVersion}</Field>
        </Fields>
      </Section>
      <Section title="Capacity">
        <SmallTable
          head={['Resource', 'In all', 'For pods']}
          rows={names.map((name) => ({
            key: name,
            cells: [name, status?.capacity?.[name] ?? '–', status?.allocatable?.[name] ?? '–'],
          }))}
        />
      </Section>
    </>
  );
}
