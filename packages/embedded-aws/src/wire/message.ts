import { AwsError } from "../engine/operation.ts";

/** An HTTP request from any source. */
export interface WireRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The position of an invalid value in a request: its body, a query field or header, or the path. */
export type Place = "body" | "field" | "path";

/** A value that does not fit its shape; each protocol has AWS's error code for it. */
export class BadInput extends AwsError {
  readonly place: Place;

  constructor(message: string, place: Place, options: { code?: string; cause?: unknown } = {}) {
    super(options.code ?? "SerializationException", message, { status: 400, cause: options.cause });
    this.place = place;
  }
}

export const badInput = (message: string, place: Place = "body"): BadInput => new BadInput(message, place);

export const noRoute = (request: WireRequest): AwsError =>
  new AwsError("UnknownOperationException", `No operation listens at ${request.method} ${request.path.slice(0, 200)}`, {
    status: 404,
  });

export const xmlResponse = (
  status: number,
  document: string,
  contentType = "text/xml;charset=UTF-8",
): WireResponse => ({
  status,
  headers: { "content-type": contentType },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
});
