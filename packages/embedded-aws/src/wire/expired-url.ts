import { AwsError } from "../engine/aws-error.ts";
import type { WireRequest } from "./message.ts";

/**
 * A presigned URL works until `X-Amz-Expires` seconds after it was signed (S3 API reference, "Authenticating requests:
 * using query parameters"). One that was signed in the future works, too: the laptop's clock and factory time differ.
 * @param now milliseconds since the epoch
 * @throws AccessDenied
 */
export function refuseExpiredUrl({ query }: WireRequest, now: number): void {
  const seconds = query.get("X-Amz-Expires");
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  if (seconds === null || !day || !time) return;
  const signedAt = Date.parse(
    `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`,
  );
  if (now > signedAt + Number(seconds) * 1000) {
    throw new AwsError("AccessDenied", "Request has expired", { status: 403 });
  }
}
