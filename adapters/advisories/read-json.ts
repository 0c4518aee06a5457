import { JSONParser } from "@streamparser/json";
import type * as z from "zod";
import { FeedFailure } from "./feed-failure.ts";
import type { FeedLimits } from "./fetch-file.ts";
import { JsonCheck } from "./json-check.ts";

/** Parts of a document by path: `$.Vulnerability.*` is each element of an array. */
type Parts = Readonly<Record<string, (part: unknown) => void>>;

/**
 * Reads parts of a large JSON document as a stream, with one part in memory at a time.
 * @param limits `part`: values in one part, and between two; `depth`
 * @throws FeedFailure `malformed`, `truncated`, `too-large`, and errors of a part's handler
 */
export async function readJson(
  file: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  parts: Parts,
  { depth, part: elements }: Pick<FeedLimits, "depth" | "part">,
): Promise<void> {
  const paths = Object.keys(parts);
  const parser = new JSONParser({ paths, keepStack: false });
  const check = new JsonCheck(file, { depth, elements });
  let failure: unknown;
  parser.onError = (cause) => {
    failure ??= new FeedFailure("malformed", file, `is not JSON (${cause.message.slice(0, 200)})`, { cause });
  };
  parser.onValue = ({ value, key, stack }) => {
    check.start();
    const names = [...stack.slice(1).map((one) => one.key), key];
    const path = `$.${names.map((name) => (typeof name === "number" ? "*" : name)).join(".")}`;
    try {
      parts[path]?.(value);
    } catch (error) {
      failure ??= error;
    }
  };
  for await (const piece of pieces) {
    check.update(piece);
    parser.write(piece);
    if (failure) throw failure;
  }
  if (!parser.isEnded) throw new FeedFailure("truncated", file, "is JSON without its end");
}

/** Parses a part by a schema. @throws FeedFailure `malformed` with the path */
export function parsePart<T>(file: string, where: string, part: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(part);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FeedFailure("malformed", file, `${[where, ...(issue?.path ?? [])].join(".")}: ${issue?.message}`);
}
