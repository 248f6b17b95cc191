import type { Authorizer } from '../../authorization/authorizer';
import { type GroupVersionKind, type GroupVersionResource, reviewOf } from '../attributes';
import { converter } from '../matching/equivalents';
import type { AdmissionRequest, ServedApi } from '../plugin';
import { authorizerValues, type ExpressionInputs } from './evaluate';

/**
 * What expressions read of a request (k8s.io/apiserver/pkg/admission/plugin/cel/activation.go, `newActivation`).
 * @param shown as which resource its objects are shown.
 * @param as what the request is said to be about.
 */
export function expressionInputs(
  api: ServedApi,
  authorizer: Authorizer,
  request: AdmissionRequest,
  shown: GroupVersionResource,
  as: { readonly resource: GroupVersionResource; readonly kind: GroupVersionKind },
): ExpressionInputs {
  const convert = converter(api, request, shown);
  return {
    object: request.object && convert(request.object),
    oldObject: request.oldObject && convert(request.oldObject),
    review: reviewOf(request, '', as),
    ...authorizerValues(authorizer, request),
  };
}
