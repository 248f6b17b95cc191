import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../../shared/kubernetes/objects';
import { formatLabelSelector } from '../../../shared/kubernetes/selectors';
import { ReplicaBar } from '../../charts/replica-bar';
import { Chip, Field, Fields, Section } from '../../details/parts';
import { Containers } from './containers';

type Selector = Parameters<typeof formatLabelSelector>[0];

function SelectorField({ selector }: { selector: Selector | undefined }) {
  return <Field name="Selector">{selector !== undefined && <Chip>{formatLabelSelector(selector)}</Chip>}</Field>;
}

export function DeploymentSections({ object: { spec, status } }: { object: Deployment }) {
  const rolling = spec?.strategy?.rollingUpdate;
  return (
    <>
      <Section title="Replicas">
        <ReplicaBar
          wanted={spec?.replicas ?? 1}
          ready={status?.readyReplicas ?? 0}
          updated={status?.updatedReplicas ?? 0}
          existing={status?.replicas ?? 0}
        />
      </Section>
      <Section title="Rollout">
        <Fields>
          <Field name="Strategy">{spec?.strategy?.type}</Field>
          <Field name="At most beyond">{rolling?.maxSurge !== undefined && String(rolling.maxSurge)}</Field>
          <Field name="At most missing">
            {rolling?.maxUnavailable !== undefined && String(rolling.maxUnavailable)}
          </Field>
          <Field name="Paused">{spec?.paused && 'yes'}</Field>
          <Field name="Kept revisions">{spec?.revisionHistoryLimit}</Field>
          <SelectorField selector={spec?.selector} />
        </Fields>
      </Section>
      <Containers title="Containers of its pods" containers={spec?.template.spec?.containers} />
    </>
  );
}

export function ReplicaSetSections({ object: { spec, status } }: { object: ReplicaSet }) {
  return (
    <>
      <Section title="Replicas">
        <ReplicaBar wanted={spec?.replicas ?? 1} ready={status?.readyReplicas ?? 0} existing={status?.replicas ?? 0} />
        <Fields>
          <SelectorField selector={spec?.selector} />
        </Fields>
      </Section>
      <Containers title="Containers of its pods" containers={spec?.template?.spec?.containers} />
    </>
  );
}

export function StatefulSetSections({ object: { spec, status } }: { object: StatefulSet }) {
  return (
    <>
      <Section title="Replicas">
        <ReplicaBar
          wanted={spec?.replicas ?? 1}
          ready={status?.readyReplicas ?? 0}
          updated={status?.updatedReplicas ?? 0}
          existing={status?.replicas ?? 0}
        />
        <Fields>
          <Field name="Service">{spec?.serviceName}</Field>
          <Field name="Pod management">{spec?.podManagementPolicy}</Field>
          <Field name="Update strategy">{spec?.updateStrategy?.type}</Field>
          <Field name="Claims per pod">
            {spec?.volumeClaimTemplates?.map((claim) => claim.metadata?.name).join(', ')}
          </Field>
          <SelectorField selector={spec?.selector} />
        </Fields>
      </Section>
      <Containers title="Containers of its pods" containers={spec?.template.spec?.containers} />
    </>
  );
}

export function DaemonSetSections({ object: { spec, status } }: { object: DaemonSet }) {
  return (
    <>
      <Section title="Nodes it runs on">
        <ReplicaBar
          wanted={status?.desiredNumberScheduled ?? 0}
          ready={status?.numberReady ?? 0}
          updated={status?.updatedNumberScheduled ?? 0}
          existing={status?.currentNumberScheduled ?? 0}
        />
        <Fields>
          <Field name="Misplaced">
            {status !== undefined && status.numberMisscheduled > 0 && status.numberMisscheduled}
          </Field>
          <Field name="Update strategy">{spec?.updateStrategy?.type}</Field>
          <SelectorField selector={spec?.selector} />
        </Fields>
      </Section>
      <Containers title="Containers of its pods" containers={spec?.template.spec?.containers} />
    </>
  );
}
