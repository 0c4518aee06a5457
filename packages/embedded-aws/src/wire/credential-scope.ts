import { AwsError } from "../engine/aws-error.ts";
import type { WireRequest } from "./message.ts";

/** What a Signature Version 4 credential says about a request. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name: `ec2`, `states`, ... */
  readonly service: string;
  readonly sessionToken: string | undefined;
}

const SCOPE = /^([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request$/;

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * From the Authorization header, or from a presigned URL's query. Undefined for a request that is not signed in this
 * way at all.
 * @throws AwsError IncompleteSignature for a credential that is missing, or not of this form
 */
export function credentialScope(request: WireRequest): CredentialScope | undefined {
  const { authorization } = request.headers;
  const signed = authorization?.startsWith(ALGORITHM);
  const credential = signed
    ? /[\s,]Credential=([^,\s]*)/.exec(authorization ?? "")?.[1]
    : request.query.get("X-Amz-Credential");
  if (credential === undefined || credential === null) {
    if (signed) throw incomplete("Authorization header requires 'Credential' parameter.");
    return undefined;
  }
  const [, accessKeyId, region, service] = SCOPE.exec(credential) ?? [];
  if (!accessKeyId || !region || !service) {
    const example = "keyid/date/region/service/term";
    const got = credential.slice(0, 200);
    throw incomplete(`Credential must have exactly 5 slash-delimited elements, e.g. ${example}, got '${got}'`);
  }
  const token = request.headers["x-amz-security-token"] ?? request.query.get("X-Amz-Security-Token");
  return { accessKeyId, region, service, sessionToken: token ?? undefined };
}

const incomplete = (message: string) => new AwsError("IncompleteSignature", message, { status: 400 });
