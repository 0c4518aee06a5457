import { defineState, type EmbeddedAws } from "./embedded-aws.ts";
import type { Authorization, Call } from "./operation.ts";

/** Throws AWS's `AccessDenied`, naming action, resource and principal, if the request is not granted. */
export interface Authorizer {
  authorize(call: Call, asked: Authorization): void;
}

const authorizer = defineState("authorizer", (): { current: Authorizer } => ({
  current: {
    authorize() {
      throw new Error("This AWS has no authorizer.");
    },
  },
}));

/** From now on, decides whether a principal may make a request. */
export const setAuthorizer = (aws: EmbeddedAws, current: Authorizer): void => {
  aws.state(authorizer, "", "").current = current;
};

/**
 * Checks whether a call is allowed: before it runs, and later for what its caller needs besides, such as the
 * keys of an instance's volumes.
 * @throws AWS's error
 */
export const authorize = (call: Call, asked: Authorization): void =>
  call.aws.state(authorizer, "", "").current.authorize(call, asked);

/** For cases where the caller does not matter. */
export const allowEverything: Authorizer = { authorize() {} };
