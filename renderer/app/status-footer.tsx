import { useEffect, useState } from 'react';
import { humanDuration } from '../../shared/kubernetes/ages';
import { StatusGlyph, type Tone } from '../ui/status-glyph';
import { everySecond } from '../ui/ticker';
import { useAppInfo, useSimulator } from './app-queries';
import { type ConnectionView, useConnection } from './connections';
import { usePlace } from './navigation';

/** How the connection stands, and what serves it. */
export function StatusFooter() {
  const { contextId } = usePlace();
  const info = useAppInfo();
  return (
    <footer className="col-span-2 flex items-center gap-4 border-line border-t px-3 text-ink-faint text-xs">
      {contextId === undefined ? <span>Not connected</span> : <Connected contextId={contextId} />}
      <span className="flex-1" />
      <SimulatorNotice />
      {info !== undefined && (
        <span title={info.fallbackRuntime ? 'A development runtime stands in for the app’s own Electron.' : undefined}>
          Porthole {info.version} · {info.runtime}
          {info.fallbackRuntime && ' (stand-in)'}
        </span>
      )}
    </footer>
  );
}

function Connected({ contextId }: { contextId: string }) {
  const view = useConnection(contextId);
  return (
    <>
      <span
        className="flex items-center gap-1.5"
        role="status"
        data-testid="status.connection"
        data-id={view.state.state}
      >
        <StatusGlyph tone={toneOf(view)} />
        <StateText view={view} />
      </span>
      {view.state.state === 'connected' && (
        <>
          <span data-testid="status.version">Kubernetes {view.state.version}</span>
          <span className="max-w-80 truncate">{view.state.server}</span>
        </>
      )}
    </>
  );
}

function SimulatorNotice() {
  const simulator = useSimulator();
  if (simulator?.state !== 'running' || simulator.notice === undefined) return null;
  return (
    <span className="flex min-w-0 items-center gap-1.5" title={simulator.notice}>
      <StatusGlyph tone="warning" />
      <span className="max-w-[480px] truncate text-warning-ink">{simulator.notice}</span>
    </span>
  );
}

function toneOf({ state }: ConnectionView): Tone {
  if (state.state === 'connected') return 'ok';
  return state.state === 'connecting' ? 'progress' : 'error';
}

function StateText({ view }: { view: ConnectionView }) {
  const now = useNow();
  const { state, lostSince } = view;
  if (state.state === 'connected') return 'Live';
  if (lostSince !== undefined) return `Reconnecting, lost for ${humanDuration(now - lostSince)}`;
  if (state.state === 'connecting') return 'Connecting';
  if (state.state === 'unreachable') {
    return `Unreachable, next try in ${humanDuration(Math.max(0, state.nextTry - now))}`;
  }
  if (state.state === 'untrusted') return 'Certificate not trusted';
  return state.state === 'unauthorized' ? 'Not signed in' : 'Failed';
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => everySecond(setNow), []);
  return now;
}
