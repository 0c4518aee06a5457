import { credentialsOf } from "../authorization/credentials.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Principal } from "../engine/principal.ts";
import { defineState } from "../engine/state.ts";
import { type CredentialScope, credentialScope } from "./credential-scope.ts";
import { action } from "./form-fields.ts";
import type { WireRequest } from "./message.ts";
import type { Refusal } from "./refusal.ts";

/** A request that was refused before its operation was called. */
interface RefusedRequest {
  /** Undefined where the request names none, or not in a way that can be read. */
  readonly scope: CredentialScope | undefined;
  /** Who signed it, where the access key is known. */
  readonly principal: Principal | undefined;
  /** The operation, or what stands in its place: the target header, the action, method and path. */
  readonly target: string;
  readonly refusal: Refusal;
}

type Observer = (refused: RefusedRequest) => void;

const observers = defineState("observers of refused requests", () => new Set<Observer>());

/** From now on `observer` hears of every request that never became a call; those that did, `observeCalls` tells of. */
export const observeRefusedRequests = (aws: EmbeddedAws, observer: Observer): void => {
  aws.state(observers, "", "").add(observer);
};

/** @param operation its name, where the request was understood so far */
export function tellOfRefusedRequest(
  aws: EmbeddedAws,
  request: WireRequest,
  operation: string | undefined,
  refusal: Refusal,
): void {
  const told = aws.state(observers, "", "");
  if (told.size === 0) return;
  const scope = orUndefined(() => credentialScope(request));
  const principal = scope && orUndefined(() => credentialsOf(aws).principal(scope.accessKeyId, scope.sessionToken));
  const refused = { scope, principal, target: operation ?? rawTarget(request), refusal };
  for (const tell of told) tell(refused);
}

const rawTarget = (request: WireRequest): string =>
  request.headers["x-amz-target"] ?? orUndefined(() => action(request)) ?? `${request.method} ${request.path}`;

/** What a refused request says of itself may be what it was refused for. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
