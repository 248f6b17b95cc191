import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { deepCopy, deepEqual } from '../json';
import type { AdmissionRequest } from './plugin';

/**
 * Who of a plugin's webhooks or policies has had its turn with a request, and who gets a second one
 * (plugin/webhook/mutating/reinvocationcontext.go and its like for policies).
 */
export class Turns {
  /** The object as they left it. */
  #output: KubeObject | undefined;
  /** Those that want to be asked again should something change after them. */
  #invoked = new Set<string>();
  /** Those of them after which something has changed. */
  readonly #again = new Set<string>();

  /** The plugin is asked. */
  begin({ reinvocation, object }: AdmissionRequest): void {
    if (reinvocation.isReinvoke && !deepEqual(this.#output, object)) this.somethingChanged();
  }

  /** Whether it is somebody's turn: nobody is asked for the first time in the second round. */
  has({ reinvocation }: AdmissionRequest, uid: string): boolean {
    return !reinvocation.isReinvoke || this.#again.has(uid);
  }

  mayBeAskedAgain(uid: string): void {
    this.#invoked.add(uid);
  }

  somethingChanged(): void {
    for (const uid of this.#invoked) this.#again.add(uid);
    this.#invoked = new Set();
  }

  /** The plugin is done for now. */
  end({ object }: AdmissionRequest): void {
    this.#output = object && deepCopy(object);
  }
}
