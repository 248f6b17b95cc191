/** What client-go makes of an answer that is no success (k8s.io/apimachinery/pkg/api/errors, `NewGenericServerResponse`). */
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** Of a body that is told, more than this is left out. */
const LONGEST_TEXT = 2048;

/** @param type the answer's content type; only what is text is told. */
export function responseError(status: number, body: string, type: string | undefined): string {
  const isText = type === undefined || type === '' || type.startsWith('text/');
  const told = isText ? body.slice(0, LONGEST_TEXT).trim() : 'unknown';
  if (status === 403 || status === 415) return told;
  if (status === 406) {
    return told === '' || told === 'unknown'
      ? 'the server was unable to respond with a content type that the client supports'
      : told;
  }
  const known = MESSAGES[status];
  if (known !== undefined) return known;
  if (status >= 500)
    return `an error on the server (${JSON.stringify(told)}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}
