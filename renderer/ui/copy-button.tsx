import { Copy } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './button';

/** Puts a text on the clipboard, and says whether that went well. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState<string | undefined>();
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      (error: unknown) => setSaid(`Not copied: ${String(error)}`),
    );
  };
  return (
    <IconButton label={said ?? label} onClick={copy} onPointerLeave={() => setSaid(undefined)}>
      <Copy className="size-3.5" aria-hidden />
    </IconButton>
  );
}
