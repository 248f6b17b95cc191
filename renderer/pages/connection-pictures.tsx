import { CloudOff, KeyRound, PlugZap, PowerOff, ShieldAlert, Unplug } from 'lucide-react';
import { useSimulatorFailure } from '../app/app-queries';
import { type ConnectionView, retryConnection } from '../app/connections';
import { StartSimulator } from '../app/start-simulator';
import { Age } from '../table/age';
import { Button } from '../ui/button';
import { Picture, Verbatim } from '../ui/picture';

interface ConnectionPictureProps {
  readonly contextId: string;
  readonly state: Exclude<ConnectionView['state'], { state: 'connected' | 'connecting' }>;
}

/** Why there is no connection, and what a person can do. */
export function ConnectionPicture({ contextId, state }: ConnectionPictureProps) {
  const ended = useSimulatorFailure(contextId);
  if (ended !== undefined) {
    return (
      <Picture
        icon={PowerOff}
        tone="error"
        title="The simulated cluster has ended"
        testId="picture.simulator-ended"
        actions={<StartSimulator />}
      >
        <Verbatim>{ended}</Verbatim>
        <p>What it held is kept, unless it was started to be forgotten.</p>
      </Picture>
    );
  }
  const actions = (
    <Button look="primary" onClick={() => retryConnection(contextId)} data-testid="action.retry">
      Try again
    </Button>
  );
  const common = { actions, testId: `picture.${state.state}` };
  if (state.state === 'unreachable') {
    return (
      <Picture icon={CloudOff} tone="error" title="The cluster does not answer" {...common}>
        <Verbatim>{state.message}</Verbatim>
        <p>It is tried again by itself, at {new Date(state.nextTry).toLocaleTimeString()}.</p>
      </Picture>
    );
  }
  if (state.state === 'untrusted') {
    return (
      <Picture icon={ShieldAlert} tone="warning" title="The server’s certificate does not fit" {...common}>
        <Verbatim>{state.message}</Verbatim>
        <p>Nothing was sent to it. Check the server’s address and certificate authority in the kubeconfig.</p>
      </Picture>
    );
  }
  if (state.state === 'unauthorized') {
    return (
      <Picture icon={KeyRound} tone="warning" title="The cluster does not know who you are" {...common}>
        <Verbatim>{state.message}</Verbatim>
        <p>The kubeconfig’s credentials are missing, expired or not accepted.</p>
      </Picture>
    );
  }
  return (
    <Picture icon={PlugZap} tone="error" title="The connection could not be started" {...common}>
      <Verbatim>{state.message}</Verbatim>
    </Picture>
  );
}

interface LostBannerProps {
  readonly contextId: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly message: string;
}

/** Over the foot of what is no longer live, so that nothing moves when it comes and goes. */
export function LostBanner({ contextId, since, message }: LostBannerProps) {
  const ended = useSimulatorFailure(contextId);
  const why = ended === undefined ? message : `The simulated cluster has ended: ${ended}`;
  return (
    <div
      role="alert"
      data-testid="banner.disconnected"
      className="absolute inset-x-0 bottom-0 z-30 flex h-9 items-center gap-2 border-line-strong border-t bg-warning-soft px-4 text-sm"
    >
      <Unplug className="size-4 shrink-0 text-warning" aria-hidden />
      <span className="min-w-0 flex-1 truncate" title={why}>
        Not live since {new Date(since).toLocaleTimeString()} (<Age time={since} />
        ): {why}
      </span>
      {ended === undefined ? (
        <Button look="outline" className="h-6" onClick={() => retryConnection(contextId)} data-testid="action.retry">
          Retry
        </Button>
      ) : (
        <StartSimulator className="h-6" />
      )}
    </div>
  );
}
