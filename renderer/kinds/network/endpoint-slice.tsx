import type { EndpointSlice } from '../../../shared/kubernetes/objects';
import { ObjectLink } from '../../details/object-link';
import { Field, Fields, Section, SmallTable } from '../../details/parts';
import { StatusGlyph } from '../../ui/status-glyph';

export function EndpointSliceSections({
  object: { addressType, ports, endpoints, metadata },
}: {
  object: EndpointSlice;
}) {
  const service = metadata.labels?.['kubernetes.io/service-name'];
  return (
    <>
      <Section title="Slice">
        <Fields>
          <Field name="Service">
            {service && <ObjectLink kind="services" namespace={metadata.namespace} name={service} />}
          </Field>
          <Field name="Addresses">{addressType}</Field>
          <Field name="Ports">
            {ports
              ?.map(({ name, port, protocol }) => `${name ? `${name} ` : ''}${port}/${protocol ?? 'TCP'}`)
              .join(', ')}
          </Field>
        </Fields>
      </Section>
      <Section title="Endpoints" aside={endpoints?.length ?? 0}>
        <SmallTable
          head={['Address', 'Object', 'Node']}
          rows={(endpoints ?? []).map(({ addresses, conditions, targetRef, nodeName }) => ({
            key: addresses.join(),
            cells: [
              <span key="address" className="flex items-center gap-1.5">
                <StatusGlyph
                  tone={conditions?.ready === false ? 'progress' : 'ok'}
                  label={conditions?.ready === false ? 'not ready' : 'ready'}
                />
                {addresses.join(', ')}
              </span>,
              targetRef?.kind === 'Pod' && targetRef.name ? (
                <ObjectLink key="pod" kind="pods" namespace={metadata.namespace} name={targetRef.name} />
              ) : (
                (targetRef?.name ?? '–')
              ),
              nodeName ?? '–',
            ],
          }))}
        />
      </Section>
    </>
  );
}
