import { FilterX, Inbox, Lock, OctagonAlert, PackageX } from 'lucide-react';
import type { RowsProblem } from '../../shared/contract/rows';
import type { KindDefinition } from '../../shared/kinds/kind';
import { choiceText, type NamespaceChoice } from '../app/namespaces';
import { Picture, Verbatim } from '../ui/picture';

/** Why a list is not there: the cluster's own words, and what they mean. */
export function ProblemPicture({ kind, problem }: { kind: KindDefinition; problem: RowsProblem }) {
  const name = kind.title.toLowerCase();
  if (problem.type === 'forbidden') {
    return (
      <Picture icon={Lock} tone="warning" title={`You may not list ${name}`} testId="picture.forbidden">
        <Verbatim>{problem.message}</Verbatim>
        <p>
          Somebody who administers the cluster can allow it. Where you may look into one namespace, choose it above.
        </p>
      </Picture>
    );
  }
  if (problem.type === 'missing') {
    return (
      <Picture icon={PackageX} title={`This cluster knows no ${name}`} testId="picture.missing">
        <Verbatim>{problem.message}</Verbatim>
        <p>It does not serve this kind, or not in the version that Porthole asks for.</p>
      </Picture>
    );
  }
  return (
    <Picture icon={OctagonAlert} tone="error" title={`The ${name} could not be listed`} testId="picture.error">
      <Verbatim>{problem.message}</Verbatim>
      <p>It is tried again by itself.</p>
    </Picture>
  );
}

/** There is none: what one is for, and the line that would show the same. */
export function EmptyPicture({ kind, namespaces }: { kind: KindDefinition; namespaces: NamespaceChoice }) {
  const { namespaced, resource } = kind.resource;
  const where = !namespaced || namespaces.length === 0 ? '' : ` in ${choiceText(namespaces)}`;
  const only = namespaces.length === 1 ? namespaces[0] : undefined;
  const scope = !namespaced ? '' : only === undefined ? ' --all-namespaces' : ` --namespace ${only}`;
  return (
    <Picture icon={Inbox} title={`No ${kind.title.toLowerCase()}${where}`} testId="picture.empty">
      <p>{kind.about}</p>
      <Verbatim>{`kubectl get ${resource}${scope}`}</Verbatim>
    </Picture>
  );
}

/** There are some, but none passes the filter. */
export function NoMatchPicture({ filter, total }: { filter: string; total: number }) {
  return (
    <Picture icon={FilterX} title="Nothing passes the filter" testId="picture.no-match">
      <p>
        None of {total.toLocaleString('en')} matches <code className="font-mono">{filter}</code>. Esc clears it.
      </p>
    </Picture>
  );
}
