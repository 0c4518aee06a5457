import { BlockList, isIP } from "node:net";
import { PatternFault } from "./pattern-error.ts";

/** Whether an address (IPv4 or IPv6) lies in a block such as `10.0.0.0/24`. */
export function parseCidr(text: string): (address: string) => boolean {
  const [address = "", bits, ...more] = text.split("/");
  if (bits === undefined || more.length > 0) throw new PatternFault("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits)) throw new PatternFault("Malformed CIDR, mask bits must be an integer");
  const version = isIP(address);
  if (version === 0) throw new PatternFault(`Nonstandard IP address: ${address}`);
  const mask = Number(bits);
  if (mask < 0) throw new PatternFault("Malformed CIDR, mask bits must not be negative");
  const most = version === 4 ? 31 : 127;
  if (mask > most) throw new PatternFault(`IPv${version} mask bits must be < ${most + 1}`);
  const block = new BlockList();
  block.addSubnet(address, mask, version === 4 ? "ipv4" : "ipv6");
  return (candidate) => {
    const candidateVersion = isIP(candidate);
    // BlockList also finds an IPv4 address in a mapped IPv6 block; EventBridge compares one kind only.
    return candidateVersion === version && block.check(candidate, version === 4 ? "ipv4" : "ipv6");
  };
}
