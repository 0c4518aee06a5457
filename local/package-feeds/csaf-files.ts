import { parseEvr } from "../../core/advisories/versions.ts";
import type { Files, Publication, PublishedPackage } from "./publication.ts";

/** An operating system's repository, as named in its vendor's documents. */
interface Product {
  readonly id: string;
  readonly name: string;
  readonly cpe: string;
}

const rhel = (release: string): Product => ({
  id: `AppStream-${release}.0.Z.MAIN`,
  name: `Red Hat Enterprise Linux AppStream (v. ${release})`,
  cpe: `cpe:/a:redhat:enterprise_linux:${release}::appstream`,
});

const SLES_15 = "SUSE Linux Enterprise Module for Basesystem 15 SP7";
const SLES_16 = "SUSE Linux Enterprise Server 16.0";

/** By document folder and operating system. */
const vendors: Readonly<Record<string, Readonly<Partial<Record<Publication["os"], Product>>>>> = {
  redhat: { "rhel-8": rhel("8"), "rhel-9": rhel("9"), "rhel-10": rhel("10") },
  suse: {
    "sles-15": { id: SLES_15, name: SLES_15, cpe: "cpe:/o:suse:sle-module-basesystem:15:sp7" },
    "sles-16": { id: SLES_16, name: SLES_16, cpe: "cpe:/o:suse:sles:16:16.0:server" },
  },
};

/** SUSE has one folder for all documents, Red Hat one per year. `RHSA-2026:1234`, `SUSE-SU-2026:1234-1`. */
const pathOf = (folder: string, id: string): string => {
  const name = `${id.toLowerCase().replaceAll(":", "_")}.json`;
  return folder === "redhat" ? `${/-(\d{4}):/.exec(id)?.[1]}/${name}` : name;
};

/** Red Hat's advisories below `/redhat` and SUSE's below `/suse`, as CSAF documents; a vendor's list is never empty. */
export function csafFiles(opened: number, publications: readonly Publication[]): Files {
  return (path) => {
    const [, folder = "", file = ""] = /^\/(redhat|suse)\/(.+)$/.exec(path) ?? [];
    const products = vendors[folder];
    if (!products) return undefined;
    const [os, product] = Object.entries(products)[0] as [Publication["os"], Product];
    const first: Documented = {
      os,
      product,
      at: opened - 365 * 86_400_000,
      advisory: { id: folder === "redhat" ? "RHSA-2020:1" : "SUSE-SU-2020:1-1", severity: "low", cves: [] },
      packages: [{ name: "a-package-of-before", version: "1.0-1", architecture: "noarch" }],
    };
    const later = publications.flatMap((one): Documented[] => {
      const product = products[one.os];
      return product && one.advisory ? [{ ...one, product, advisory: one.advisory }] : [];
    });
    const documents = [first, ...later];
    if (file === "changes.csv") {
      const all = documents.map(({ advisory, at }) => ({ path: pathOf(folder, advisory.id), at })).toReversed();
      return Buffer.from(all.map((one) => `"${one.path}","${new Date(one.at).toISOString()}"\n`).join(""));
    }
    const found = documents.findLast(({ advisory }) => pathOf(folder, advisory.id) === file);
    return found && Buffer.from(JSON.stringify(writeDocument(folder, found)));
  };
}

type Documented = Publication & { readonly product: Product; readonly advisory: NonNullable<Publication["advisory"]> };

const words: Readonly<Record<string, string>> = { medium: "moderate" };

function writeDocument(folder: string, { at, advisory, packages, product }: Documented) {
  const word = words[advisory.severity] ?? advisory.severity;
  const named = packages.map((one) => ({ ...one, id: nameOf(one), purl: purlOf(folder, one) }));
  const component = (id: string) => `${product.id}:${id}`;
  return {
    document: {
      aggregate_severity: { text: folder === "redhat" ? `${word[0]?.toUpperCase()}${word.slice(1)}` : word },
      category: "csaf_security_advisory",
      csaf_version: "2.0",
      title: "An example",
      tracking: {
        current_release_date: new Date(at).toISOString(),
        id: advisory.id,
        initial_release_date: new Date(at).toISOString(),
        status: "final",
        version: "1",
      },
    },
    product_tree: {
      branches: [
        {
          category: "vendor",
          name: folder === "redhat" ? "Red Hat" : "SUSE",
          branches: [
            {
              category: "product_name",
              name: product.name,
              product: {
                name: product.name,
                product_id: product.id,
                product_identification_helper: { cpe: product.cpe },
              },
            },
            ...named.map(({ id, purl }) => ({
              category: "product_version",
              name: id,
              product: { name: id, product_id: id, product_identification_helper: { purl } },
            })),
          ],
        },
      ],
      relationships: named.map(({ id }) => ({
        category: "default_component_of",
        full_product_name: { name: `${id} as a component of ${product.name}`, product_id: component(id) },
        product_reference: id,
        relates_to_product_reference: product.id,
      })),
    },
    vulnerabilities: advisory.cves.map((cve) => ({
      cve,
      product_status: { [folder === "redhat" ? "fixed" : "recommended"]: named.map(({ id }) => component(id)) },
    })),
  };
}

const nameOf = ({ name, version, architecture }: PublishedPackage): string => `${name}-${version}.${architecture}`;

function purlOf(folder: string, { name, version: full, architecture, module }: PublishedPackage): string {
  const { epoch, version, release } = parseEvr(full);
  const qualifiers = [
    `arch=${architecture}`,
    ...(epoch > 0 ? [`epoch=${epoch}`] : []),
    ...(module ? [`rpmmod=${module}`] : []),
  ];
  return `pkg:rpm/${folder}/${name}@${encodeURIComponent(`${version}-${release}`)}?${qualifiers.join("&")}`;
}
