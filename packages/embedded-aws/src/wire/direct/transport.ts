import type { HttpRequest, HttpResponse } from "@smithy/core/transport";
import type { DirectCall } from "./answer-directly.ts";

/** A request that need not be written: the call that it is, and how to write it. */
export interface DirectRequest extends HttpRequest {
  readonly direct?: { readonly call: DirectCall; write(): Promise<HttpRequest> };
}

/** A response to a call that need not be read: the output itself. */
export interface DirectResponse extends HttpResponse {
  readonly output?: object;
}

/** What carries requests to this AWS. */
export interface Transport {
  handle(request: DirectRequest): Promise<{ response: DirectResponse }>;
}
