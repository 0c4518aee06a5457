import type { Files, Publication } from "./publication.ts";

const products: Readonly<
  Partial<Record<Publication["os"], { readonly name: string; readonly ids: readonly string[] }>>
> = {
  "windows-2019": { name: "Windows Server 2019", ids: ["11571", "11572"] },
  "windows-2022": { name: "Windows Server 2022", ids: ["11923", "11924"] },
  "windows-2025": { name: "Windows Server 2025", ids: ["12436", "12437"] },
};

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const monthOf = (at: number): string => `${new Date(at).getUTCFullYear()}-${MONTHS[new Date(at).getUTCMonth()]}`;

/** The document of an earlier month, without any of these updates. */
const FIRST = { id: "2020-Jan", first: Date.UTC(2020, 0, 14), changed: Date.UTC(2020, 0, 14) };

/**
 * Microsoft's Security Update Guide below `/msrc`: one document per month with an update; a later
 * update in the month revises it in place.
 */
export function msrcFiles(publications: readonly Publication[]): Files {
  return (path) => {
    const mine = publications.filter(({ os, advisory }) => products[os] && advisory);
    const months = [...Map.groupBy(mine, ({ at }) => monthOf(at))];
    if (path === "/msrc/updates") {
      const value = [
        FIRST,
        ...months.map(([id, some]) => ({ id, first: some[0]?.at ?? 0, changed: some.at(-1)?.at ?? 0 })),
      ];
      return Buffer.from(JSON.stringify({ "@odata.context": "", value: value.map(writeIndexed) }));
    }
    const [, asked] = /^\/msrc\/cvrf\/(.+)$/.exec(path) ?? [];
    if (asked === FIRST.id) return Buffer.from(JSON.stringify(writeMonth([])));
    const found = months.find(([id]) => id === asked);
    return found && Buffer.from(JSON.stringify(writeMonth(found[1])));
  };
}

const writeIndexed = ({ id, first, changed }: typeof FIRST) => ({
  ID: id,
  Alias: id,
  DocumentTitle: `${id} Security Updates`,
  InitialReleaseDate: new Date(first).toISOString(),
  CurrentReleaseDate: new Date(changed).toISOString(),
});

const idOf = (product: string): string => product.replaceAll(/\W+/g, "-");

const words = { unknown: "", low: "Low", medium: "Moderate", important: "Important", critical: "Critical" };

/** A publication's packages are the builds of its update; all but the first are hotpatches. */
const writeMonth = (publications: readonly Publication[]) => ({
  DocumentTitle: { Value: "Security Updates" },
  ProductTree: {
    FullProductName: [
      ...Object.values(products).flatMap(({ name, ids: [full, core] }) => [
        { ProductID: full, Value: name },
        { ProductID: core, Value: `${name} (Server Core installation)` },
      ]),
      ...publications.flatMap(({ productName: product }) =>
        product ? [{ ProductID: idOf(product), Value: product }] : [],
      ),
    ],
  },
  Vulnerability: publications.flatMap(({ os, advisory, packages, productName: product, replaces = [] }) =>
    (advisory?.cves ?? []).map((CVE) => ({
      CVE,
      Title: { Value: "An example" },
      Threats: [
        {
          Type: 3,
          Description: { Value: words[advisory?.severity ?? "unknown"] },
          ProductID: product ? [idOf(product)] : products[os]?.ids,
        },
      ],
      Remediations: packages.map(({ version }, n) => ({
        Type: 2,
        Description: { Value: advisory?.id.replace(/^KB/, "") },
        URL: "",
        ProductID: product ? [idOf(product)] : products[os]?.ids,
        Supercedence: replaces.map((one) => one.replace(/^KB/, "")).join("; "),
        FixedBuild: version,
        SubType: n === 0 ? "Security Update" : "Security Hotpatch Update",
        RestartRequired: { Value: "Yes" },
      })),
    })),
  ),
});
