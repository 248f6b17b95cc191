import { useAppInfo, useSimulator } from '../../app/app-queries';
import { CopyButton } from '../../ui/copy-button';
import { kubeconfigLine } from './kubeconfig-line';

/** The line that points a terminal's kubectl at the simulated cluster. Nothing for other clusters: theirs is known. */
export function KubectlLine({ contextId }: { contextId: string }) {
  const simulator = useSimulator();
  const platform = useAppInfo()?.platform;
  if (simulator?.state !== 'running' || simulator.contextId !== contextId || platform === undefined) return null;
  const line = kubeconfigLine(simulator.kubeconfig, platform);
  return (
    <div className="flex min-w-0 items-center gap-2 text-ink-faint text-sm" data-testid="kubectl-line">
      <span className="shrink-0">For kubectl:</span>
      <code className="min-w-0 truncate rounded-sm bg-code px-2 py-0.5 font-mono" title={line} data-selectable>
        {line}
      </code>
      <CopyButton text={line} label="Copy the line" />
    </div>
  );
}
