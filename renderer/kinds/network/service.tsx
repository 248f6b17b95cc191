import type { Service } from '../../../shared/kubernetes/objects';
import { Chip, Field, Fields, Pairs, Section, SmallTable } from '../../details/parts';

export function ServiceSections({ object: { spec, status, metadata } }: { object: Service }) {
  const ingress = status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname).join(', ');
  return (
    <>
      <Section title="Service">
        <Fields>
          <Field name="Type">{spec?.type}</Field>
          <Field name="Cluster IP">{spec?.clusterIP === 'None' ? 'None (headless)' : spec?.clusterIP}</Field>
          <Field name="DNS name">
            <code className="break-all font-mono text-sm">{`${metadata.name}.${metadata.namespace}.svc`}</code>
          </Field>
          <Field name="External name">{spec?.externalName}</Field>
          <Field name="Load balancer">{ingress}</Field>
          <Field name="External IPs">{spec?.externalIPs?.join(', ')}</Field>
          <Field name="Affinity">{spec?.sessionAffinity !== 'None' && spec?.sessionAffinity}</Field>
          <Field name="Selector">
            {spec?.selector === undefined ? (
              <Chip>none: its endpoints are made by hand</Chip>
            ) : (
              <Pairs pairs={spec.selector} />
            )}
          </Field>
        </Fields>
      </Section>
      {(spec?.ports?.length ?? 0) > 0 && (
        <Section title="Ports">
          <SmallTable
            head={['Name', 'Port', 'To', 'On nodes']}
            rows={(spec?.ports ?? []).map(({ name, port, protocol, targetPort, nodePort }) => ({
              key: `${port}/${protocol}`,
              cells: [name ?? '–', `${port}/${protocol ?? 'TCP'}`, String(targetPort ?? port), nodePort ?? '–'],
            }))}
          />
        </Section>
      )}
    </>
  );
}
