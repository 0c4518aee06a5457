import type * as z from "zod";
import { FeedFailure } from "./feed-failure.ts";
import type { FeedLimits } from "./fetch-file.ts";
import { JsonCheck } from "./json-check.ts";

/**
 * Parses a whole JSON document by a schema.
 * @throws FeedFailure `malformed` with the path, `too-large`
 */
export function parseJson<T>(
  file: string,
  bytes: Buffer,
  schema: z.ZodType<T>,
  limits: Pick<FeedLimits, "depth" | "elements">,
): T {
  new JsonCheck(file, limits).update(bytes);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new FeedFailure("malformed", file, `is not JSON (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FeedFailure("malformed", file, `${issue?.path.join(".") || "the document"}: ${issue?.message}`);
}
