import { credentialsOf } from "../authorization/credentials.ts";
import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import { AwsError } from "../engine/operation.ts";
import type { Principal } from "../engine/principal.ts";
import { action } from "./form.ts";
import type { WireRequest } from "./message.ts";
import type { Refusal } from "./refusal.ts";

/** A request that failed before its operation was called. */
interface RefusedRequest {
  /** Undefined if the request has no valid credential scope. */
  readonly scope: CredentialScope | undefined;
  /** The caller, if the access key is known. */
  readonly principal: Principal | undefined;
  /** The operation, or what the request has instead: the target header, the action, or method and path. */
  readonly target: string;
  readonly refusal: Refusal;
}

type Observer = (refused: RefusedRequest) => void;

const observers = defineState("observers of refused requests", () => new Set<Observer>());

/** From now on calls `observer` for every request that did not become a call; `observeCalls` reports the others. */
export const observeRefusedRequests = (aws: EmbeddedAws, observer: Observer): void => {
  aws.state(observers, "", "").add(observer);
};

/** @param operation its name, if known */
export function tellOfRefusedRequest(
  aws: EmbeddedAws,
  request: WireRequest,
  operation: string | undefined,
  refusal: Refusal,
): void {
  const calling = aws.state(observers, "", "");
  if (calling.size === 0) return;
  const scope = orUndefined(() => credentialScope(request));
  const principal = scope && orUndefined(() => credentialsOf(aws).principal(scope.accessKeyId, scope.sessionToken));
  const refused = { scope, principal, target: operation ?? rawTarget(request), refusal };
  for (const observe of calling) observe(refused);
}

const rawTarget = (request: WireRequest): string =>
  request.headers["x-amz-target"] ?? orUndefined(() => action(request)) ?? `${request.method} ${request.path}`;

/** Reads a part of a failed request, which may be the invalid one. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A Signature Version 4 credential's data. */
interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name: `ec2`, `states`, ... */
  readonly service: string;
  readonly sessionToken: string | undefined;
}

const SCOPE = /^([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request$/;

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * From the Authorization header, or from a presigned URL's query. Undefined for a request without this kind of
 * signature.
 * @throws AwsError IncompleteSignature for a credential that is missing or malformed
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

/** The request's signing name, if it can be read. */
export const serviceOf = (request: WireRequest): string | undefined =>
  orUndefined(() => credentialScope(request))?.service;

const incomplete = (message: string) => new AwsError("IncompleteSignature", message, { status: 400 });
