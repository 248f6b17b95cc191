import type { ComponentProps } from 'react';
import { cx } from './cx';

const looks = {
  plain: 'text-ink-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink',
  outline: 'border border-line-strong bg-surface-2 text-ink hover:bg-hover',
  primary: 'bg-accent text-accent-ink hover:brightness-110',
};

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof looks;
}

export function Button({ look = 'plain', className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(
        'inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-2 font-medium text-sm disabled:opacity-50',
        looks[look],
        className,
      )}
      {...rest}
    />
  );
}

interface IconButtonProps extends ButtonProps {
  /** What it does, for those who do not see the icon; also its tooltip. */
  readonly label: string;
}

export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return <Button aria-label={label} title={label} className={cx('w-7 justify-center px-0', className)} {...rest} />;
}
