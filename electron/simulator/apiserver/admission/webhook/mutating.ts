import { messageOf } from '../../../../../shared/error-message';
import { mutatingWebhookConfigurations } from '../../../../../shared/kubernetes/resources';
import type { Random } from '../../../random';
import type { Authorizer } from '../../authorization/authorizer';
import { internalError } from '../../status-errors';
import type { WebhookClient } from '../../webhook/client';
import { isExempt } from '../matching/rules';
import { replaceObject } from '../mutation';
import type { AdmissionPluginFactory, AdmissionRequest, ServedApi } from '../plugin';
import { Turns } from '../turns';
import { type Hook, hooksOf } from './hooks';
import { invocationOf } from './invocation';
import { patchedObject, UndecodablePatch } from './patch';
import { type Call, CallFailure, rejection, review } from './review';

const NAME = 'MutatingAdmissionWebhook';
const MUTATION = 'mutation.webhook.admission.k8s.io/';
const PATCH = 'patch.webhook.admission.k8s.io/';

/**
 * Webhooks that may change an object, asked one after another, each seeing what those before it have made of it
 * (k8s.io/apiserver/pkg/admission/plugin/webhook/mutating).
 */
export function mutatingWebhook(
  authorizer: Authorizer,
  random: Random,
  clientFor: (api: ServedApi) => WebhookClient,
): AdmissionPluginFactory {
  return (_client, _clock, api) => {
    const client = clientFor(api);
    return {
      name: NAME,
      admit(request) {
        const hooks = isExempt(request) ? [] : hooksOf(api.allStored(mutatingWebhookConfigurations));
        return hooks.length === 0 ? undefined : askAll(hooks, request);
      },
    };

    async function askAll(hooks: readonly Hook[], request: AdmissionRequest): Promise<void> {
      const { reinvocation } = request;
      const turns = reinvocation.value(NAME, () => new Turns());
      turns.begin(request);
      for (const [index, hook] of hooks.entries()) {
        const match = invocationOf(api, authorizer, hook, request);
        if (match === undefined) continue;
        if (!turns.has(request, hook.uid)) continue;
        const changed = await call({ api, client, hook, request, match, uid: random.uuid() }, index);
        if (changed) {
          turns.somethingChanged();
          reinvocation.shouldReinvoke = true;
        }
        if (hook.webhook.reinvocationPolicy === 'IfNeeded') turns.mayBeAskedAgain(hook.uid);
      }
      turns.end(request);
    }
  };
}

/** @returns whether the object is another now. @throws StatusError when that refuses the request. */
async function call(asked: Call, index: number): Promise<boolean> {
  const { hook, request } = asked;
  const { webhook, configuration } = hook;
  const place = `round_${request.reinvocation.isReinvoke ? 1 : 0}_index_${index}`;
  let mutated = false;
  try {
    const { allowed, status, patch, patchType } = await review(asked, true);
    if (!allowed) throw rejection(webhook.name, status);
    if (patch) {
      const operations = readPatch(webhook.name, patch, patchType);
      if (operations.length > 0) {
        mutated = apply(asked, operations);
        const told = { configuration, webhook: webhook.name, patch: operations, patchType: 'JSONPatch' };
        request.annotate(`${PATCH}${place}`, JSON.stringify(told));
      }
    }
    return mutated;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    if (webhook.failurePolicy !== 'Ignore') throw internalError(error.message);
    request.annotate(`failed-open.${MUTATION}${place}`, webhook.name);
    return false;
  } finally {
    request.annotate(`${MUTATION}${place}`, JSON.stringify({ configuration, webhook: webhook.name, mutated }));
  }
}

/** @throws CallFailure */
function readPatch(webhook: string, patch: string, type: string | undefined): readonly unknown[] {
  let operations: unknown;
  try {
    operations = JSON.parse(Buffer.from(patch, 'base64').toString());
  } catch (error) {
    throw new CallFailure(webhook, `received undecodable patch in webhook response: ${messageOf(error)}`);
  }
  if (!Array.isArray(operations)) {
    const why = 'json: cannot unmarshal object into Go value of type jsonpatch.Patch';
    throw new CallFailure(webhook, `received undecodable patch in webhook response: ${why}`);
  }
  if (type !== 'JSONPatch') throw new CallFailure(webhook, `unsupported patch type ${JSON.stringify(type)}`);
  return operations;
}

function apply({ api, hook: { webhook }, request, match }: Call, operations: readonly unknown[]): boolean {
  if (request.object === undefined) {
    const text = `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`;
    throw internalError(text);
  }
  try {
    return replaceObject(request.object, patchedObject(api, request, match, operations));
  } catch (error) {
    if (error instanceof UndecodablePatch) throw internalError(error.message);
    throw error;
  }
}
