/** The schemas of the kinds that are served, made from the generated OpenAPI document and read when first needed. */
export { decode, decodeAs, decodeMetadata, decodeUntyped, jsonType, TypeMismatch } from './decode';
export { openApiV2, openApiV3 } from './openapi';
export { schemaFor } from './schema-for';
