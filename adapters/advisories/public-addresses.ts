import { type LookupAddress, lookup as resolveName } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** IANA's IPv4 special-purpose registry and multicast: addresses outside the public internet. */
const SPECIAL = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4"],
];

/** In IPv6, only global unicast addresses are public, which excludes IPv4-mapped, NAT64, local and multicast ones. */
const GLOBAL = "2000::/3";

/**
 * Non-public ranges within it: protocol assignments with Teredo, documentation, and 6to4, which embeds IPv4 addresses.
 */
const SPECIAL_6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const toList = (subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = "", bits] = subnet.split("/");
    list.addSubnet(net, Number(bits), family);
  }
  return list;
};

const special = toList(SPECIAL, "ipv4");
const global6 = toList([GLOBAL], "ipv6");
const special6 = toList(SPECIAL_6, "ipv6");

/** Whether an IP address is on the public internet: not this machine, its network, or AWS's metadata service. */
export const isPublic = (address: string): boolean =>
  isIP(address) === 4
    ? !special.check(address, "ipv4")
    : isIP(address) === 6 && global6.check(address, "ipv6") && !special6.check(address, "ipv6");

type Resolve = (
  name: string,
  options: { all: true },
  done: (error: Error | null, found: LookupAddress[]) => void,
) => void;

/**
 * Resolves a name to its public addresses as part of connecting, so that it cannot resolve differently in between.
 * @throws NotPublic, by its callback, where it has none
 */
export const publicLookup =
  (resolve: Resolve = resolveName): LookupFunction =>
  (name, { all, family }, done) =>
    resolve(name, { all: true }, (error, found) => {
      if (error) return done(error, "");
      const wanted = found.filter((one) => isPublic(one.address) && (!family || family === one.family));
      const [first] = wanted;
      if (!first) return done(new NotPublic(found.map(({ address }) => address).join(", ") || name), "");
      if (all) done(null, wanted);
      else done(null, first.address, first.family);
    });

/** @throws NotPublic where a URL's host is a non-public IP address, which is never resolved */
export function requirePublicHost({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0 && !isPublic(address)) throw new NotPublic(address);
}

/** Feeds must be on the public internet. */
class NotPublic extends Error {
  override readonly name = "NotPublic";

  constructor(address: string) {
    super(`${address} is not a public address; feeds must have one`);
  }
}
