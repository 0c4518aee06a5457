import type { HttpRequest, HttpResponse } from "@smithy/core/transport";
import type { DirectCall } from "./answer-directly.ts";

/** A request that need not be serialized: the call, and how to serialize it. */
export interface DirectRequest extends HttpRequest {
  readonly direct?: { readonly call: DirectCall; write(): Promise<HttpRequest> };
}

/** A response that need not be parsed: the output itself. */
export interface DirectResponse extends HttpResponse {
  readonly output?: object;
}

/** Carries requests to this AWS. */
export interface Transport {
  handle(request: DirectRequest): Promise<{ response: DirectResponse }>;
}
