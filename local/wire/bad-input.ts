import { AwsError } from "../aws-error.ts";
import type { WireRequest } from "./message.ts";

/** A value that cannot be what its shape wants; each protocol gives it the code AWS gives it there. */
export class BadInput extends AwsError {}

export const badInput = (message: string): BadInput => new BadInput("SerializationException", message, { status: 400 });

export const noRoute = (request: WireRequest): AwsError =>
  new AwsError("UnknownOperationException", `No operation listens at ${request.method} ${request.path}`, {
    status: 404,
  });
