import { FeedFailure } from "../feed-failure.ts";
import type { FeedLimits } from "../fetch-file.ts";

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/**
 * Looks through JSON before it is parsed: how deep it is nested, and how many values it has at most. A parser needs a
 * hundred bytes for each, whatever it is.
 * @throws FeedFailure `too-large`
 */
export function checkJson(
  file: string,
  bytes: Uint8Array,
  { depth, elements }: Pick<FeedLimits, "depth" | "elements">,
) {
  let [open, values, inText] = [0, 1, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === COMMA) values += 1;
    else if (CLOSING.includes(byte)) open -= 1;
    else if (OPENING.includes(byte)) {
      values += 1;
      open += 1;
    }
    if (open > depth) throw new FeedFailure("too-large", file, `is nested more than ${depth} levels deep`);
    if (values > elements) throw new FeedFailure("too-large", file, `has more than ${elements} values`);
  }
}
