import type { EmbeddedAws } from "./embedded-aws.ts";
import type { Authorization, Call } from "./operation.ts";
import { defineState } from "./state.ts";

/** Throws AWS's `AccessDenied` naming action, resource and principal when the request is not granted. */
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

/** Decides from now on whether a principal may do what a request asks. */
export const setAuthorizer = (aws: EmbeddedAws, current: Authorizer): void => {
  aws.state(authorizer, "", "").current = current;
};

/**
 * Asks whether a call may do something: before it is carried out, and afterwards what its caller needs besides, such as the
 * keys of an instance's volumes.
 * @throws AWS's refusal
 */
export const authorize = (call: Call, asked: Authorization): void =>
  call.aws.state(authorizer, "", "").current.authorize(call, asked);

/** Where it does not matter who asks. */
export const allowEverything: Authorizer = { authorize() {} };
