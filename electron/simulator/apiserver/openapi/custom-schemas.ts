import type { ResourceDefinition } from '../registry/definition';
import { definitions, META } from '../schema/document';

type Json = Readonly<Record<string, unknown>>;

/**
 * The schemas of custom resources and of their lists (apiextensions-apiserver/pkg/controller/openapi/builder/builder.go).
 * @param version of OpenAPI.
 * @param reference to the schema of a name, with something beside it.
 */
export function customSchemas(
  served: readonly ResourceDefinition[],
  version: 'v2' | 'v3',
  reference: (name: string, beside?: Json) => Json,
): Json {
  return Object.fromEntries(
    served.flatMap(({ resource, openApi, listKind = `${resource.kind}List` }) => {
      if (openApi === undefined) return [];
      const { group, version: own, kind, resource: plural } = resource;
      const { apiVersion, kind: ofKind } = definitions()[`${META}.Status`]?.properties ?? {};
      const list = {
        description: `${listKind} is a list of ${kind}`,
        type: 'object',
        required: ['items'],
        properties: {
          apiVersion,
          items: { description: `The ${plural}.`, type: 'array', items: reference(openApi.name) },
          kind: ofKind,
          metadata: reference(`${META}.ListMeta`, { description: 'What is said of the list as a whole.' }),
        },
        'x-kubernetes-group-version-kind': [{ group, kind: listKind, version: own }],
        ...openApi.extensions,
      };
      return [
        [openApi.name, openApi[version]],
        [`${openApi.name}List`, list],
      ];
    }),
  );
}
