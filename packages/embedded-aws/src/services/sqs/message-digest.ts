import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

/** MD5 of a message body, in hexadecimal; clients compare it with their own. */
export const bodyDigest = (body: string): string => createHash("md5").update(body).digest("hex");

/** MD5 over all attributes (SQS developer guide, "Calculating the MD5 message digest for message attributes"). */
export function attributesDigest(
  attributes: Readonly<Record<string, MessageAttributeValue | undefined>>,
): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (part: string | Uint8Array): void => {
    const bytes = Buffer.from(part as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue } = attributes[name] ?? {};
    add(name);
    add(DataType);
    const binary = DataType.startsWith("Binary");
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? (BinaryValue ?? new Uint8Array()) : (StringValue ?? ""));
  }
  return hash.digest("hex");
}
