import { FeedFailure } from "../feed-failure.ts";
import { fromArmor, type PublicKey, readPublicKeys, type Signature, toPackets, toSignature } from "./signature.ts";

const SIGNATURE = 2;

/** Each is verified over the whole content. */
const MOST_SIGNATURES = 16;

/**
 * Requires that one of the keys made one of the signatures: vendors may sign with an old and a new key at once.
 * @param signed.signature armored
 * @param now in milliseconds since 1970
 * @throws FeedFailure `bad-signature`, naming the signers and the valid keys; `unusable-key`
 */
export function verifySignature(
  file: string,
  { data, signature }: { readonly data: Buffer; readonly signature: string },
  keys: readonly string[],
  now: number,
): void {
  const trusted = keys.flatMap((key, index) => readConfigured(file, key, index));
  const signatures = readSignatures(file, signature);
  const good = signatures.some(
    (one) =>
      (one.expires ?? now) >= now && madeBy(one, trusted).some(({ key }) => one.verify(key, toSigned(one, data))),
  );
  if (good) return;
  const known = signatures.filter((one) => madeBy(one, trusted).length > 0);
  const found = known.length > 0 ? "its signature does not match its content" : `signed by ${issuersOf(signatures)}`;
  const valid = trusted.map(({ fingerprint }) => fingerprint).join(", ");
  throw new FeedFailure("bad-signature", file, `${found}; expected a signature by ${valid}`);
}

const madeBy = ({ issuer }: Signature, keys: readonly PublicKey[]): PublicKey[] =>
  keys.filter(({ fingerprint }) => issuer !== "" && fingerprint.endsWith(issuer));

const issuersOf = (signatures: readonly Signature[]): string =>
  signatures.map(({ issuer }) => issuer || "an unnamed key").join(", ") || "no supported signature";

/** Text signatures cover lines that end in CR and LF, whatever the text has. */
const toSigned = ({ type }: Signature, data: Buffer): Buffer =>
  type === 0 ? data : Buffer.from(data.toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");

function readConfigured(file: string, key: string, index: number): PublicKey[] {
  try {
    return readPublicKeys(key);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : cause;
    throw new FeedFailure("unusable-key", file, `key ${index + 1} of its configured keys: ${found}`, { cause });
  }
}

function readSignatures(file: string, armored: string): Signature[] {
  try {
    return toPackets(fromArmor(armored))
      .filter(({ tag }) => tag === SIGNATURE)
      .slice(0, MOST_SIGNATURES)
      .flatMap(({ body }) => toSignature(body) ?? []);
  } catch (cause) {
    throw new FeedFailure("bad-signature", file, `its signature cannot be read (${cause})`, { cause });
  }
}

const BEGINS = "-----BEGIN PGP SIGNED MESSAGE-----\n";
const SIGNATURE_BEGINS = "\n-----BEGIN PGP SIGNATURE-----\n";
const SIGNATURE_ENDS = "-----END PGP SIGNATURE-----";

/** The parts of a message that is clearsigned as a whole. Linear time. */
function takeApart(message: string): { readonly escaped: string; readonly signature: string } | undefined {
  const end = message.trimEnd();
  const headersEnd = message.indexOf("\n\n", BEGINS.length - 1);
  const textEnd = message.indexOf(SIGNATURE_BEGINS, headersEnd + 1);
  if (!message.startsWith(BEGINS) || headersEnd < 0 || textEnd < 0 || !end.endsWith(SIGNATURE_ENDS)) return undefined;
  const headers = message.slice(BEGINS.length, headersEnd + 1);
  const isPlain = headers.split("\n").every((line) => line === "" || /^[A-Za-z-]+: /.test(line));
  return isPlain ? { escaped: message.slice(headersEnd + 2, textEnd), signature: end.slice(textEnd + 1) } : undefined;
}

/** Without trailing blanks of lines, which are not signed. */
const withoutTrailingBlanks = (text: string): string =>
  text
    .split("\n")
    .map((line) => {
      let end = line.length;
      while (line[end - 1] === " " || line[end - 1] === "\t") end -= 1;
      return line.slice(0, end);
    })
    .join("\n");

/**
 * The text of a clearsigned message, without anything around it (RFC 9580, 7). Without keys, nothing is verified, and
 * an unsigned text is accepted.
 * @throws FeedFailure `bad-signature`, `malformed`
 */
export function readClearsigned(file: string, message: string, keys: readonly string[], now: number): string {
  const unix = message.replace(/\r\n/g, "\n");
  const parts = takeApart(unix);
  if (!parts) {
    if (keys.length > 0)
      throw new FeedFailure("bad-signature", file, "is not a clearsigned message; it must be signed");
    if (unix.includes("-----BEGIN PGP")) throw new FeedFailure("malformed", file, "is clearsigned but incomplete");
    return unix;
  }
  const { escaped, signature } = parts;
  const text = escaped.replace(/^- /gm, "");
  if (keys.length === 0) return text;
  const data = Buffer.from(withoutTrailingBlanks(text), "utf8");
  verifySignature(file, { data, signature }, keys, now);
  return text;
}
