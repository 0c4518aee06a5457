import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { JsonObject } from "../asl/json.ts";

/** What optimized integrations add to a result about the HTTP answer, as recorded from AWS. */
export function httpMetadata(
  aws: EmbeddedAws,
  headers: Readonly<Record<string, string>>,
): { SdkHttpMetadata: JsonObject; SdkResponseMetadata: JsonObject } {
  const id = aws.uuid();
  const date = new Date(aws.clock.now()).toUTCString();
  const all = { Connection: "keep-alive", Date: date, "x-amzn-RequestId": id, ...headers };
  const lists = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]]));
  return {
    SdkHttpMetadata: { AllHttpHeaders: lists, HttpHeaders: all, HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: id },
  };
}
