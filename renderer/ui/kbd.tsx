const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  ' ': 'Space',
};

const mac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);

/** `Mod+k` as the person's keyboard has it: ⌘K or Ctrl K. */
function keyName(key: string): string {
  return key
    .split(/\+(?=.)/)
    .map((part) => {
      if (part === 'Mod') return mac ? '⌘' : 'Ctrl';
      if (part === 'Shift') return mac ? '⇧' : 'Shift';
      const name = names[part] ?? part;
      return name.length === 1 && key.includes('+') && key !== '+' ? name.toUpperCase() : name;
    })
    .join(mac ? '' : ' ');
}

/** A key, drawn. */
export function Kbd({ value }: { value: string }) {
  return (
    <kbd className="inline-flex h-[18px] min-w-[18px] items-center justify-center whitespace-nowrap rounded-sm border border-line bg-surface-1 px-1 font-sans text-ink-faint text-xs">
      {keyName(value)}
    </kbd>
  );
}
