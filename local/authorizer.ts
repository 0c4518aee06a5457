import type { Authorization, Call } from "./operation.ts";

/** Throws AWS's `AccessDenied` naming action, resource and principal when the request is not granted. */
export interface Authorizer {
  authorize(call: Call, asked: Authorization): void;
}
