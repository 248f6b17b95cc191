import { Columns3 } from 'lucide-react';
import { IconButton } from '../ui/button';
import { MenuCheck, MenuContent, MenuLabel, MenuRoot, MenuTrigger } from '../ui/menu';
import type { ColumnsState } from './use-columns';

/** Which columns are shown. */
export function ColumnMenu({ columns }: { columns: ColumnsState }) {
  return (
    <MenuRoot>
      <MenuTrigger asChild>
        <IconButton label="Columns" className="size-6" data-testid="action.columns">
          <Columns3 className="size-3.5" aria-hidden />
        </IconButton>
      </MenuTrigger>
      <MenuContent>
        <MenuLabel>Columns</MenuLabel>
        {columns.all.map(({ column, shown, canHide }) => (
          <MenuCheck
            key={column.id}
            checked={shown}
            disabled={!canHide}
            onCheckedChange={() => columns.toggle(column.id)}
            data-testid={`column.${column.id}`}
          >
            {column.title}
          </MenuCheck>
        ))}
      </MenuContent>
    </MenuRoot>
  );
}
