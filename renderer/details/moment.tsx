import { Age } from '../table/age';

/** How long ago a time was, and when that is on the clock. Nothing for a time that is not there. */
export function Moment({ time }: { time: string | undefined }) {
  if (time === undefined) return null;
  return (
    <>
      <Age time={Date.parse(time)} /> ago, {new Date(time).toLocaleString()}
    </>
  );
}
