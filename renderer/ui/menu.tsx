import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';

/** The look of everything that floats: menus, popovers, dialogs. */
export const floating = 'z-50 rounded-md border border-line bg-surface-2 shadow-float';

/** Where floating parts hang in the page: inside its main landmark, so that screen readers find them there. */
export function floatingRoot(): HTMLElement | null {
  return document.querySelector('main');
}

const item =
  'flex h-7 items-center gap-2 rounded-sm px-2 text-ink outline-none data-[highlighted]:bg-hover data-[disabled]:text-ink-faint';

/** The rest of the window stays in reach while a menu is open. */
export function MenuRoot(props: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root modal={false} {...props} />;
}

export const MenuTrigger = Radix.Trigger;

export function MenuContent({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal container={floatingRoot()}>
      <Radix.Content
        align="end"
        sideOffset={4}
        collisionPadding={8}
        className={cx(floating, 'max-h-[70vh] min-w-44 overflow-auto p-1', className)}
        {...rest}
      />
    </Radix.Portal>
  );
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof Radix.Item>) {
  return <Radix.Item className={cx(item, className)} {...rest} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 font-medium text-ink-faint text-xs">{children}</Radix.Label>;
}

/** An item that is on or off; the menu stays open. */
export function MenuCheck({ children, ...rest }: ComponentProps<typeof Radix.CheckboxItem>) {
  return (
    <Radix.CheckboxItem className={item} onSelect={(event) => event.preventDefault()} {...rest}>
      <span className="flex size-4 items-center justify-center">
        <Radix.ItemIndicator>
          <Check className="size-3.5 text-accent" aria-hidden />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
