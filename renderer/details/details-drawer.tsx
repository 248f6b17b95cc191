import type { ObjectReference } from '../../shared/contract/connection';
import type { KindDefinition } from '../../shared/kinds/kind';

interface DetailsDrawerProps {
  readonly contextId: string;
  readonly kind: KindDefinition;
  readonly object: ObjectReference;
  readonly tab: string | undefined;
  onClose(): void;
}

export function DetailsDrawer({ object }: DetailsDrawerProps) {
  return <aside>{object.name}</aside>;
}
