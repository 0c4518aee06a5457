import type { AdvisorySeverity } from "../../events/build.ts";
import type { CsafProducts, FixedPackage } from "./feed.ts";

/** The severity names of Red Hat, SUSE and Microsoft, in lower case. */
const severities: Readonly<Record<string, AdvisorySeverity>> = {
  low: "low",
  moderate: "medium",
  important: "important",
  critical: "critical",
};

export const severityNamed = (word: string | undefined): AdvisorySeverity =>
  severities[word?.trim().toLowerCase() ?? ""] ?? "unknown";

/** A product of a document's product tree: an operating system, one of its repositories, or a package. */
export interface CsafProduct {
  readonly id: string;
  readonly name: string;
  readonly cpe?: string | undefined;
  readonly purl?: string | undefined;
}

/**
 * The condition for fixes on a product: for SLES, the service pack that must be installed. Undefined if the product does not
 * belong to the operating system.
 */
export function platformOf({ name, cpe }: CsafProduct, products: CsafProducts): Pick<FixedPackage, "on"> | undefined {
  if ("cpe" in products) {
    const system = /^cpe:\/[ao]:(.+)$/.exec(cpe ?? "")?.[1] ?? "";
    // RHEL 10's CPEs have a minor version. `rhel_eus` and others are different products.
    const rest = system.startsWith(products.cpe) ? system.slice(products.cpe.length) : undefined;
    return rest !== undefined && /^(\.\d+)?(:|$)/.test(rest) ? {} : undefined;
  }
  // SLES 16 has no modules, and minor versions instead of service packs: "SUSE Linux Enterprise Server 16.0".
  const [, release, pack] =
    /^SUSE Linux Enterprise (?:Server|Module for [A-Za-z0-9 ]+?) (\d+)(?:(?: SP|\.)(\d+))?$/.exec(name) ?? [];
  if (release !== products.sles) return undefined;
  return { on: { name: "sles-release", version: pack ? `${release}.${pack}` : release } };
}

interface CsafPackage {
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  readonly module?: string;
}

/** `postgresql:15:9020020230619032405:rhel9` is the stream `postgresql:15` of a module. */
export const moduleNamed = (text: string): string | undefined => /^([^:]+:[^:]+)(:|$)/.exec(text)?.[1];

/**
 * A product's package, from its package URL (purl-spec, type rpm), else from its name, such as
 * `openssl-1:3.0.7-28.el9_4.x86_64`. Undefined if it is not a binary RPM package.
 */
export function packageOf({ name, purl }: CsafProduct): CsafPackage | undefined {
  const found = purl ? byPurl(purl) : byName(name);
  return found && found.architecture !== "src" ? found : undefined;
}

function byPurl(purl: string): CsafPackage | undefined {
  const [, name, version, qualifiers] = /^pkg:rpm\/[^/]+\/([^@?/]+)@([^?#]+)(?:\?([^#]*))?/.exec(purl) ?? [];
  if (!name || !version) return undefined;
  const of = new Map((qualifiers ?? "").split("&").map((one) => [one.split("=")[0], decoded(one.split("=")[1] ?? "")]));
  const epoch = of.get("epoch");
  const module = moduleNamed(of.get("rpmmod") ?? "");
  return {
    name: decoded(name),
    architecture: of.get("arch") ?? "",
    version: `${epoch && epoch !== "0" ? `${epoch}:` : ""}${decoded(version)}`,
    ...(module !== undefined && { module }),
  };
}

function byName(text: string): CsafPackage | undefined {
  const [, name, epoch, version, architecture] = /^(.+)-(?:(\d+):)?([^-:]+-[^-]+)\.([a-z0-9_]+)$/.exec(text) ?? [];
  if (!name || !version || !architecture) return undefined;
  return { name, architecture, version: `${epoch && epoch !== "0" ? `${epoch}:` : ""}${version}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
