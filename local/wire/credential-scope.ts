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

/** From the Authorization header, or from a presigned URL's query. Undefined for an unsigned request. */
export function credentialScope(request: WireRequest): CredentialScope | undefined {
  const header = /^AWS4-HMAC-SHA256\s+(?:.*?[\s,])?Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1];
  const credential = header ?? request.query.get("X-Amz-Credential");
  const [, accessKeyId, region, service] = SCOPE.exec(credential ?? "") ?? [];
  if (!accessKeyId || !region || !service) return undefined;
  const token = request.headers["x-amz-security-token"] ?? request.query.get("X-Amz-Security-Token");
  return { accessKeyId, region, service, sessionToken: token ?? undefined };
}
