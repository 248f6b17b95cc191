import type { Job, Pod } from '../../../../shared/kubernetes/objects';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];
type Rule = NonNullable<NonNullable<NonNullable<Job['spec']>['podFailurePolicy']>['rules']>[number];

/** The failure policy's first rule that a failed pod meets, with what it met it by (pkg/controller/job/pod_failure_policy.go). */
export function matchFailurePolicy(job: Job, pod: Pod): { action: string; message: string } | undefined {
  for (const [index, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const met = exitCodeMessage(rule, pod) ?? conditionMessage(rule, pod);
    if (met !== undefined)
      return { action: rule.action, message: `${met} matching ${rule.action} rule at index ${index}` };
  }
  return undefined;
}

function exitCodeMessage({ onExitCodes: wanted }: Rule, pod: Pod): string | undefined {
  if (wanted === undefined || wanted === null) return undefined;
  const matches = ({ name, state }: ContainerStatus): boolean => {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0) return false;
    if (wanted.containerName && wanted.containerName !== name) return false;
    return wanted.values.includes(code) === (wanted.operator === 'In');
  };
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const met = containerStatuses.find(matches) ?? initContainerStatuses.find(matches);
  if (met === undefined) return undefined;
  return `Container ${met.name} for pod ${pod.metadata.namespace}/${pod.metadata.name} failed with exit code ${met.state?.terminated?.exitCode}`;
}

function conditionMessage({ onPodConditions: wanted }: Rule, pod: Pod): string | undefined {
  const met = pod.status?.conditions?.find(({ type, status }) =>
    wanted?.some((pattern) => type === pattern.type && status === (pattern.status ?? 'True')),
  );
  if (met === undefined) return undefined;
  return `Pod ${pod.metadata.namespace}/${pod.metadata.name} has condition ${met.type}`;
}
