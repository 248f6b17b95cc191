import { yaml } from '@codemirror/lang-yaml';
import { codeFolding, foldGutter, foldKeymap } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { Copy } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '../ui/button';
import { editorTheme } from './theme';

const extensions = [
  lineNumbers(),
  codeFolding(),
  foldGutter(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([...searchKeymap, ...foldKeymap]),
  yaml(),
  EditorState.readOnly.of(true),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ 'aria-label': 'YAML', tabindex: '0' }),
  editorTheme,
];

/** Text to read. When it changes, what is folded, selected and scrolled to stays, as far as it is still there. */
export default function YamlView({ text }: { text: string }) {
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const first = useRef(text);
  useEffect(() => {
    if (parent.current === null) return;
    const view = new EditorView({ parent: parent.current, doc: first.current, extensions });
    editor.current = view;
    return () => view.destroy();
  }, []);
  useEffect(() => {
    first.current = text;
    if (editor.current !== undefined) replaceChanged(editor.current, text);
  }, [text]);
  return (
    <div className="relative h-full" data-testid="details.yaml">
      <div ref={parent} className="h-full" />
      <IconButton
        label="Copy all"
        className="absolute top-1 right-3 bg-surface-2"
        onClick={() => {
          navigator.clipboard.writeText(text).catch((error: unknown) => console.warn('nothing could be copied', error));
        }}
      >
        <Copy className="size-3.5" aria-hidden />
      </IconButton>
    </div>
  );
}

/** Replaces only what lies between the first and the last difference. */
function replaceChanged(view: EditorView, text: string): void {
  const old = view.state.doc.toString();
  if (old === text) return;
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from += 1;
  let end = 0;
  while (end < Math.min(old.length, text.length) - from && old[old.length - 1 - end] === text[text.length - 1 - end]) {
    end += 1;
  }
  view.dispatch({ changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) } });
}
