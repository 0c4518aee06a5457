import { AwsError } from "../engine/aws-error.ts";
import type { WireRequest } from "./message.ts";

/** Where in a request a value stands that cannot be read: its body, a query field or header, or the path itself. */
export type Place = "body" | "field" | "path";

/** A value that cannot be what its shape wants; each protocol gives it the code AWS gives it there. */
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
