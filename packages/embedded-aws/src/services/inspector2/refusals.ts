import { AwsError } from "../../engine/aws-error.ts";

/** Errors that several operations share (Amazon Inspector API reference, the operations' "Errors"). */

export const badRequest = (message: string): AwsError => new AwsError("ValidationException", message);

export const accessDenied = (message: string): AwsError =>
  new AwsError("AccessDeniedException", message, { status: 403 });

export const notFound = (message: string): AwsError => new AwsError("ResourceNotFoundException", message);

export const conflict = (message: string): AwsError => new AwsError("ConflictException", message);
