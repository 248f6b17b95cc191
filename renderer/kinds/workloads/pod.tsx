import { podKind } from '../../../shared/kinds/pods';
import type { Pod } from '../../../shared/kubernetes/objects';
import { ObjectLink } from '../../details/object-link';
import { Chip, Field, Fields, Pairs, Section } from '../../details/parts';
import { Containers } from './containers';

export function PodSections({ object }: { object: Pod }) {
  const { spec, status, metadata } = object;
  const said = podKind.health(object).message;
  return (
    <>
      <Section title="Pod">
        <Fields>
          <Field name="Node">
            {spec?.nodeName ? <ObjectLink kind="nodes" name={spec.nodeName} /> : 'not placed on a node yet'}
          </Field>
          <Field name="IP">{status?.podIP}</Field>
          <Field name="Service account">
            {spec?.serviceAccountName && (
              <ObjectLink kind="serviceaccounts" namespace={metadata.namespace} name={spec.serviceAccountName} />
            )}
          </Field>
          <Field name="Restart policy">{spec?.restartPolicy}</Field>
          <Field name="QoS class">{status?.qosClass}</Field>
          <Field name="Priority">{spec?.priorityClassName}</Field>
          <Field name="Node selector">{spec?.nodeSelector && <Pairs pairs={spec.nodeSelector} />}</Field>
          <Field name="Tolerates">
            {(spec?.tolerations?.length ?? 0) > 0 && (
              <span className="flex flex-wrap gap-1">
                {spec?.tolerations?.map((toleration) => {
                  const text = tolerationText(toleration);
                  return <Chip key={text}>{text}</Chip>;
                })}
              </span>
            )}
          </Field>
          <Field name="Runs as">{securityText(spec?.securityContext)}</Field>
        </Fields>
      </Section>
      <Containers
        title="Init containers"
        containers={spec?.initContainers}
        statuses={status?.initContainerStatuses ?? []}
        said={said}
      />
      <Containers
        title="Containers"
        containers={spec?.containers}
        statuses={status?.containerStatuses ?? []}
        said={said}
      />
    </>
  );
}

type PodSpec = NonNullable<Pod['spec']>;

function tolerationText({
  key,
  value,
  effect,
  tolerationSeconds,
}: NonNullable<PodSpec['tolerations']>[number]): string {
  const what = key === undefined ? 'everything' : `${key}${value ? `=${value}` : ''}`;
  return `${what}${effect ? `:${effect}` : ''}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;
}

function securityText(context: PodSpec['securityContext']): string {
  return [
    context?.runAsUser !== undefined && `user ${context.runAsUser}`,
    context?.runAsGroup !== undefined && `group ${context.runAsGroup}`,
    context?.fsGroup !== undefined && `volumes' group ${context.fsGroup}`,
    context?.runAsNonRoot && 'never root',
  ]
    .filter(Boolean)
    .join(', ');
}
