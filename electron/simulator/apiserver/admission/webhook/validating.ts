import { validatingWebhookConfigurations } from '../../../../../shared/kubernetes/resources';
import type { Random } from '../../../random';
import type { Authorizer } from '../../authorization/authorizer';
import { internalError } from '../../status-errors';
import type { WebhookClient } from '../../webhook/client';
import { isExempt } from '../matching/rules';
import type { AdmissionPluginFactory, ServedApi } from '../plugin';
import { hooksOf } from './hooks';
import { invocationOf } from './invocation';
import { type Call, CallFailure, rejection, review } from './review';

const FAILED_OPEN = 'failed-open.validating.webhook.admission.k8s.io/';

/** Webhooks that may refuse a request, asked all at once (k8s.io/apiserver/pkg/admission/plugin/webhook/validating). */
export function validatingWebhook(
  authorizer: Authorizer,
  random: Random,
  clientFor: (api: ServedApi) => WebhookClient,
): AdmissionPluginFactory {
  return (_client, _clock, api) => {
    const client = clientFor(api);
    return {
      name: 'ValidatingAdmissionWebhook',
      validate(request) {
        if (isExempt(request)) return undefined;
        const relevant = hooksOf(api.allStored(validatingWebhookConfigurations)).flatMap((hook) => {
          const match = invocationOf(api, authorizer, hook, request);
          return match === undefined ? [] : [{ hook, match }];
        });
        if (relevant.length === 0) return undefined;
        const calls = relevant.map(({ hook, match }, index) =>
          call({ api, client, hook, request, match, uid: random.uuid() }, index),
        );
        return Promise.all(calls).then((refusals) => {
          const first = refusals.find((refusal) => refusal !== undefined);
          if (first !== undefined) throw first;
        });
      },
    };
  };
}

/** @returns what refuses the request; never rejects, so that no other call is left alone with its failure. */
async function call(asked: Call, index: number): Promise<unknown> {
  const { hook, request } = asked;
  const { webhook } = hook;
  try {
    const { allowed, status } = await review(asked, false);
    return allowed ? undefined : rejection(webhook.name, status);
  } catch (error) {
    if (!(error instanceof CallFailure)) return error;
    if (webhook.failurePolicy !== 'Ignore') return internalError(error.message);
    request.annotate(`${FAILED_OPEN}round_0_index_${index}`, webhook.name);
    return undefined;
  }
}
