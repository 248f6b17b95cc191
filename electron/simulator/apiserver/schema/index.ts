/** The schemas of the kinds that are served, made from the generated OpenAPI document and read when first needed. */
export { decode, decodeAs, decodeMetadata, decodeUntyped, jsonType, TypeMismatch } from './decode';
export { schemaFor } from './schema-for';
