import { FeedFailure } from "../feed-failure.ts";
import { verifySignature } from "./verify-signature.ts";

const SIGNED =
  /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]+: .*\n)*\n([\s\S]*?)\n(-----BEGIN PGP SIGNATURE-----\n[\s\S]*?-----END PGP SIGNATURE-----)\s*$/;

/**
 * The text inside a clearsigned message, and nothing that stands around it (RFC 9580, 7). With no keys nothing is verified,
 * and a text that nobody signed is taken as it is.
 * @throws FeedFailure `bad-signature`, `malformed`
 */
export function readClearsigned(file: string, message: string, keys: readonly string[], now: number): string {
  const unix = message.replace(/\r\n/g, "\n");
  const [, escaped, signature = ""] = SIGNED.exec(unix) ?? [];
  if (escaped === undefined) {
    if (keys.length > 0)
      throw new FeedFailure("bad-signature", file, "is no clearsigned message, and has to be signed");
    if (unix.includes("-----BEGIN PGP")) throw new FeedFailure("malformed", file, "is clearsigned, but not whole");
    return unix;
  }
  const text = escaped.replace(/^- /gm, "");
  if (keys.length === 0) return text;
  const data = Buffer.from(text.replace(/[ \t]+$/gm, ""), "utf8");
  verifySignature(file, { data, signature }, keys, now);
  return text;
}
