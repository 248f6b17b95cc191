import { Link } from '@tanstack/react-router';
import { kindById } from '../../shared/kinds/index';
import { objectAddress, usePlace } from '../app/navigation';
import { cx } from '../ui/cx';

interface ObjectLinkProps {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly className?: string;
}

/** Another object's name, leading to it where the app has a page for its kind. */
export function ObjectLink({ kind, namespace, name, className }: ObjectLinkProps) {
  const { contextId } = usePlace();
  const definition = kindById(kind);
  if (contextId === undefined || definition === undefined) return <span className={className}>{name}</span>;
  const address = objectAddress(definition.resource.namespaced ? namespace : undefined, name);
  return (
    <Link
      to="/c/$contextId/$kind"
      params={{ contextId, kind }}
      search={{ object: address }}
      className={cx('text-accent underline-offset-2 hover:underline', className)}
    >
      {name}
    </Link>
  );
}
